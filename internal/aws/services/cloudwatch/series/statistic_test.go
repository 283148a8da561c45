package series

import (
	"math"
	"testing"
)

func hundred() *Point {
	var list []Value
	for i := 1; i <= 100; i++ {
		list = append(list, Value{float64(i), 1})
	}
	p := Of(0, list)
	return &p
}

func TestStatistics(t *testing.T) {
	set := &Point{Min: 1, Max: 3, Sum: 6, Count: 3}
	below := Of(0, []Value{{-1, 1}, {2, 1}})
	alike := &Point{Min: 4, Max: 4, Sum: 12, Count: 3}
	none := math.NaN()
	for _, row := range []struct {
		name string
		of   *Point
		want float64 // NaN: cannot be told
	}{
		{"Average", hundred(), 50.5},
		{"Sum", hundred(), 5050},
		{"Minimum", set, 1},
		{"Maximum", set, 3},
		{"SampleCount", set, 3},
		{"p99", hundred(), 99},
		{"p0", hundred(), 1},
		{"p100", hundred(), 100},
		{"P50.5", hundred(), 51},
		{"p90", set, none},
		{"p90", alike, 4},
		{"p90", &below, none},
		{"tm90", hundred(), 45.5},
		{"tm(10%:90%)", hundred(), 50.5},
		{"TM(80:95)", hundred(), 88},
		{"TM(200:)", hundred(), none},
		{"tc90", hundred(), 90},
		{"TC(:50)", hundred(), 50},
		{"ts50", hundred(), 1275},
		{"TS(98:)", hundred(), 199},
		{"wm98", hundred(), (4851.0 + 2*98) / 100},
		{"PR(:30)", hundred(), 30},
		{"PR(10:30)", hundred(), 20},
		{"IQM", hundred(), 50.5},
	} {
		s, err := ParseStatistic(row.name)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		got, ok := s.Of(row.of)
		if ok == math.IsNaN(row.want) || ok && math.Abs(got-row.want) > 1e-9 {
			t.Errorf("%s: got %v, %v, want %v", row.name, got, ok, row.want)
		}
	}
}

func TestTextsThatAreNoStatistics(t *testing.T) {
	for _, text := range []string{"", "average", "p", "p101", "p-1", "p(1:2)", "tm()", "tm(:)", "tm(5%:90)", "tm(90%:10%)", "PR(1%:2%)", "pr90", "tm(x:y)", "tm(NaN:1)", "p99 ", "q5"} {
		if s, err := ParseStatistic(text); err == nil {
			t.Errorf("%q: got %+v, want a refusal", text, s)
		}
	}
}

func FuzzParseStatistic(f *testing.F) {
	for _, s := range []string{"p99.9", "TM(2%:98%)", "PR(:300)", "IQM", "wm98"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := ParseStatistic(text); err == nil {
			s.Of(hundred())
		}
	})
}
