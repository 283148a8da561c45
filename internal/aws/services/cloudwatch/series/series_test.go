package series

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// number draws what metrics are made of: whole numbers, decimals, anything.
var number = rapid.Custom(func(t *rapid.T) float64 {
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return float64(rapid.Int64Range(-1000, 1000).Draw(t, "whole"))
	case 1:
		return float64(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "cents")) / 100
	case 2:
		return rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1 << 53, 1<<53 + 2, math.Ldexp(1, 360), -math.Ldexp(1, 360), 5e-324, 0.1 + 0.2}).Draw(t, "odd")
	}
	return rapid.Float64().Draw(t, "any")
})

func points(t *rapid.T, step int64) []Point {
	at := rapid.Int64Range(-100, 40_000_000).Draw(t, "begin")
	var out []Point
	for range rapid.IntRange(0, 60).Draw(t, "n") {
		at += rapid.SampledFrom([]int64{1, 1, 1, 1, 2, 60, 5_000, 1 << 33}).Draw(t, "gap")
		p := One(at*step, number.Draw(t, "value"))
		switch rapid.IntRange(0, 3).Draw(t, "form") {
		case 1:
			p.Max, p.Sum, p.Count = number.Draw(t, "max"), number.Draw(t, "sum"), number.Draw(t, "count")
		case 2:
			for range rapid.IntRange(1, 9).Draw(t, "values") {
				p.Values = append(p.Values, Value{number.Draw(t, "v"), number.Draw(t, "c")})
			}
		}
		out = append(out, p)
	}
	return out
}

func equal(a, b []Point) string {
	return cmp.Diff(a, b, cmp.Comparer(func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }), cmp.Transformer("some", func(p []Value) []Value {
		if len(p) == 0 {
			return nil
		}
		return slices.Clone(p)
	}))
}

func TestBlocksGiveBackWhatTheyWereGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]int64{1, 60, 300, 3600}).Draw(t, "step")
		want := points(t, step)
		got, err := Decode(Encode(step, want))
		if err != nil {
			t.Fatal(err)
		}
		if len(want) == 0 && len(got) == 0 {
			return
		}
		if diff := equal(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// FuzzDecode gives the decoder anything: it answers points in order, which are
// encoded and decoded to the same, or that it is no block.
func FuzzDecode(f *testing.F) {
	f.Add(Encode(60, []Point{One(60, 1.5), {At: 180, Min: 1, Max: 3, Sum: 6, Count: 3, Values: []Value{{1, 1}, {2, 1}, {3, 1}}}}))
	f.Add(Encode(1, []Point{One(7, math.Pi), One(8, math.E), One(12, math.E)}))
	f.Add([]byte{version, 1, 0xff, 0xff, 0x3f})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Decode(b)
		if err != nil {
			return
		}
		for i := 1; i < len(got); i++ {
			if got[i].At <= got[i-1].At {
				t.Fatalf("%d comes after %d", got[i].At, got[i-1].At)
			}
		}
		again, err := Decode(Encode(1, got))
		if err != nil {
			t.Fatal(err)
		}
		if diff := equal(again, got); len(got) > 0 && diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestADayOfOneDesktopIsSmall(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	noisy, steady := make([]Point, 1440), make([]Point, 1440)
	v := 30.0
	for i := range noisy {
		v = max(0, min(100, v+rnd.NormFloat64()*4))
		noisy[i] = One(int64(i)*60, math.Round(v*100)/100)
		steady[i] = One(int64(i)*60, 1)
	}
	for name, row := range map[string]struct {
		points []Point
		most   int // bytes
	}{
		"a load of two decimals that jumps about": {noisy, 1440 * 17 / 8},
		"a switch that stays on":                  {steady, 1440*3/8 + 20},
	} {
		if n := len(Encode(60, row.points)); n > row.most {
			t.Errorf("%s takes %d bytes, want at most %d", name, n, row.most)
		} else {
			t.Logf("%s: %.2f bytes a point", name, float64(n)/1440)
		}
	}
}

func TestPointsOfOneTimeAreOne(t *testing.T) {
	a := []Point{One(0, 1), One(60, 5)}
	b := []Point{One(60, 7), {At: 120, Min: 1, Max: 9, Sum: 10, Count: 2}}
	c := []Point{One(120, 3)}
	got := Merge(a, b, c)
	want := []Point{
		One(0, 1),
		{At: 60, Min: 5, Max: 7, Sum: 12, Count: 2, Values: []Value{{5, 1}, {7, 1}}},
		{At: 120, Min: 1, Max: 9, Sum: 13, Count: 3}, // of a statistic set the values are not known
	}
	if diff := equal(want, got); diff != "" {
		t.Error(diff)
	}
	want = []Point{{At: 0, Min: 1, Max: 9, Sum: 26, Count: 6}}
	if diff := equal(want, Roll(300, got)); diff != "" {
		t.Error(diff)
	}
}

func TestManyValuesAreThinned(t *testing.T) {
	var list []Value
	for i := range 10_000 {
		list = append(list, Value{float64(i) - 300, 1})
	}
	p := Of(0, list)
	if len(p.Values) > mostValues || p.Count != 10_000 || p.Min != -300 || p.Max != 9_699 {
		t.Fatalf("got %d values, %v samples from %v to %v", len(p.Values), p.Count, p.Min, p.Max)
	}
	total := 0.0
	for i, v := range p.Values {
		total += v.Count
		if i > 0 && v.Value <= p.Values[i-1].Value {
			t.Fatalf("%v comes after %v", v, p.Values[i-1])
		}
	}
	if total != 10_000 {
		t.Errorf("got %v samples, want all", total)
	}
}

// BenchmarkMonthByHours is what a question over a month of minutes computes.
func BenchmarkMonthByHours(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var days [][]byte
	for d := range 30 {
		points := make([]Point, 1440)
		for i := range points {
			points[i] = One(int64(d*1440+i)*60, math.Round(rnd.Float64()*10_000)/100)
		}
		days = append(days, Encode(60, points))
	}
	for b.Loop() {
		var lists [][]Point
		for _, d := range days {
			points, err := Decode(d)
			if err != nil {
				b.Fatal(err)
			}
			lists = append(lists, points)
		}
		if n := len(Roll(3600, Merge(lists...))); n != 720 {
			b.Fatalf("got %d points", n)
		}
	}
}
