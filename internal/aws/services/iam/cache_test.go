package iam

import "testing"

func TestCacheForgetsWhatWasReadBeforeACommit(t *testing.T) {
	c := cache[int]{limit: 2}
	_, _, round := c.get("a")
	c.keep("a", 1, round)
	if v, ok, _ := c.get("a"); !ok || v != 1 {
		t.Errorf("want what was kept, got %d, %v", v, ok)
	}
	_, _, round = c.get("b") // a reader begins
	c.forget()               // a commit is done
	c.keep("b", 2, round)    // the reader is late
	if _, ok, _ := c.get("b"); ok {
		t.Error("a value from before the commit was kept")
	}
	if _, ok, _ := c.get("a"); ok {
		t.Error("the commit did not empty the cache")
	}
}

func TestCacheIsBounded(t *testing.T) {
	c := cache[int]{limit: 2}
	for i, key := range []string{"a", "b", "c"} {
		_, _, round := c.get(key)
		c.keep(key, i, round)
	}
	if len(c.known) > 2 {
		t.Errorf("want two at most, got %d", len(c.known))
	}
	if v, ok, _ := c.get("c"); !ok || v != 2 {
		t.Error("the last one is not there")
	}
}
