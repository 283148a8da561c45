package expression

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// world has m1 = 1 2 3, m2 = 10 - 30 (the middle is missing), and a search.
func world() *World {
	m1 := Series{ID: "m1", Label: "one", Period: 60, Points: []Point{{0, 1}, {60, 2}, {120, 3}}}
	m2 := Series{ID: "m2", Label: "two", Period: 60, Points: []Point{{0, 10}, {120, 30}}}
	none := Series{ID: "none", Label: "none", Period: 60}
	all := map[string]Value{"m1": One(m1), "m2": One(m2), "none": One(none), "all": many([]Series{m1, m2, none}), "no": many(nil)}
	return &World{
		From: 0, To: 180, Period: 60,
		Of: func(id string) (Value, error) {
			v, ok := all[id]
			if !ok {
				return v, errors.New("no id " + id)
			}
			return v, nil
		},
		Metrics: func() ([]Series, error) { return []Series{m1, m2}, nil },
		Search:  func(text, statistic string, period int64) ([]Series, error) { return []Series{m2, m1}, nil },
	}
}

func show(v Value) string {
	if v.kind == isNumber {
		return fmt.Sprint(v.number)
	}
	var out []string
	for _, s := range v.list {
		var one []string
		for _, p := range s.Points {
			one = append(one, fmt.Sprintf("%d:%v", p.At, p.V))
		}
		out = append(out, strings.Join(one, " "))
	}
	return strings.Join(out, " | ")
}

func TestExpressions(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"m1 + 1", "0:2 60:3 120:4"},
		{"m1 + m2", "0:11 120:33"},
		{"2 * m1 ^ 2 - 1", "0:1 60:7 120:17"},
		{"-m1", "0:-1 60:-2 120:-3"},
		{"-(m1 - 3) / 2", "0:1 60:0.5 120:-0"},
		{"m1 / (m1 - 2)", "0:-1 120:3"},
		{"m1 > 1 AND m1 < 3", "0:0 60:1 120:0"},
		{"m1 == 1 || m1 != 2 && m1 >= 3", "0:1 60:0 120:1"},
		{"AVG(m1)", "2"},
		{"m1 - AVG(m1)", "0:-1 60:0 120:1"},
		{"SUM(METRICS())", "0:11 60:2 120:33"},
		{`MAX(METRICS("m"))`, "0:10 60:2 120:30"},
		{`METRICS("two")`, "0:10 120:30"},
		{"MIN([m1])", "0:1 60:2 120:3"},
		{"SUM([m1, m2])", "0:11 60:2 120:33"},
		{"MAX([m1 * 2, FILL(m2, 0)]) - m1", "0:9 60:2 120:27"},
		{"[m2, m1]", "0:10 120:30 | 0:1 60:2 120:3"},
		{"METRIC_COUNT([METRICS(), m1])", "3"},
		{"SORT([m1, m2], AVG, DESC, 1)", "0:10 120:30"},
		{"SUM([m1, 1])", "error"},
		{"SUM([])", "error"},
		{"MIN(all)", "0:1 60:2 120:3"},
		{"STDDEV(m2)", "10"},
		{"DATAPOINT_COUNT(m2)", "2"},
		{"DATAPOINT_COUNT(all)", "0:2 60:1 120:2"},
		{"METRIC_COUNT(all)", "3"},
		{"ABS(-m1) + CEIL(0.2) + FLOOR(0.9)", "0:2 60:3 120:4"},
		{"LOG10(m2 * 10)", "0:2 120:2.477121254719662"},
		{"FILL(m2, 0)", "0:10 60:0 120:30"},
		{"FILL(m2, REPEAT)", "0:10 60:10 120:30"},
		{"FILL(m2, LINEAR)", "0:10 60:20 120:30"},
		{"FILL(m2, m1)", "0:10 60:2 120:30"},
		{"FILL(none, 7)", "0:7 60:7 120:7"},
		{"FILL(none, LINEAR)", ""},
		{"RATE(m1)", "60:0.016666666666666666 120:0.016666666666666666"},
		{"DIFF(m2)", "120:20"},
		{"DIFF_TIME(m2)", "120:120"},
		{"RUNNING_SUM(m1)", "0:1 60:3 120:6"},
		{"m1 / PERIOD(m1) * 60", "0:1 60:2 120:3"},
		{"IF(m1 > 1, m1, 0)", "0:0 60:2 120:3"},
		{"IF(m1 > 1, m2)", "120:30"},
		{"IF(1, m1, m2)", "0:1 60:2 120:3"},
		{"EPOCH(m1)", "0:0 60:60 120:120"},
		{"MINUTE(m1) + YEAR(m1) + DAY(m1) + DATE(m1) + MONTH(m1) + HOUR(m1)", "0:1976 60:1977 120:1978"},
		{"TIME_SERIES(5)", "0:5 60:5 120:5"},
		{"FIRST(all) - LAST(METRICS())", "0:-9 120:-27"},
		{"REMOVE_EMPTY(all)", "0:1 60:2 120:3 | 0:10 120:30"},
		{"SLICE(all, 1)", "0:1 60:2 120:3"},
		{"SLICE(all, 1, 9)", "0:10 120:30 | "},
		{"SORT(METRICS(), MAX, DESC)", "0:10 120:30 | 0:1 60:2 120:3"},
		{"SORT(METRICS(), LAST, ASC, 1)", "0:1 60:2 120:3"},
		{"SEARCH('{Office} Load', 'Average', 300) * 2", "0:20 120:60 | 0:2 60:4 120:6"},
		{"all + m1", "0:2 60:4 120:6 | 0:11 120:33 | "},
		{"m1 - no", ""},
		{"all + METRICS()", "error"},
		{"m9", "error"},
		{"NOPE(m1)", "error"},
		{"AVG(m1, m2)", "error"},
		{"IF(all, 1, 0)", "error"},
		{"'text' + 1", "error"},
	} {
		e, err := Parse(row.text)
		var v Value
		if err == nil {
			v, err = e.Eval(world())
		}
		got := show(v)
		if err != nil {
			got = "error"
		}
		if got != row.want {
			t.Errorf("%s: got %s (%v), want %s", row.text, got, err, row.want)
		}
	}
	if e, err := Parse("m1 + AVG(m2) / m1"); err != nil || fmt.Sprint(e.IDs()) != "[m1 m2]" || !e.Uses("AVG") || e.Uses("SUM") {
		t.Errorf("got %v, %v", e, err)
	}
}

func TestTextsThatAreNoExpressions(t *testing.T) {
	for _, text := range []string{
		"", "m1 +", "(m1", "m1)", "m1 m2", "AVG(m1", "AVG(m1,", "1.2.3", "'open", "m1 = m2", "m1 & m2", "$", "AVG m1", ",", "[m1", "[m1,]", "m1]", "[m1)", strings.Repeat("[", 2000), strings.Repeat("(", 2000), strings.Repeat("-", 2000) + "1",
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%.40q was taken", text)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"IF(m1 > AVG(m2), FILL(m1, LINEAR), -2 ^ .5)", "SORT(SLICE(all, 1, 2), LAST, DESC, 1) / PERIOD(m1)", "SEARCH(\"a\\\"b\", 'p99', 60)", "MAX([m1, [m2]])", "METRICS('m') && TIME_SERIES(1) || 2 != 3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if e, err := Parse(text); err == nil {
			_, _ = e.Eval(world())
		}
	})
}
