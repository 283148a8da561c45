package store

import "testing"

func TestCacheForgetsWhatWasReadBeforeACommit(t *testing.T) {
	c := NewCache[int](2)
	_, _, round := c.Get("a")
	c.Keep("a", 1, round)
	if v, ok, _ := c.Get("a"); !ok || v != 1 {
		t.Errorf("want what was kept, got %d, %v", v, ok)
	}
	_, _, round = c.Get("b") // a reader begins
	c.Forget()               // a commit is done
	c.Keep("b", 2, round)    // the reader is late
	if _, ok, _ := c.Get("b"); ok {
		t.Error("a value from before the commit was kept")
	}
	if _, ok, _ := c.Get("a"); ok {
		t.Error("the commit did not empty the cache")
	}
}

func TestCacheIsBounded(t *testing.T) {
	c := NewCache[int](2)
	for i, key := range []string{"a", "b", "c"} {
		_, _, round := c.Get(key)
		c.Keep(key, i, round)
	}
	if len(c.known) > 2 {
		t.Errorf("want two at most, got %d", len(c.known))
	}
	if v, ok, _ := c.Get("c"); !ok || v != 2 {
		t.Error("the last one is not there")
	}
}
