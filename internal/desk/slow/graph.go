package slow

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// bars are the heights of a point, the lowest first.
var bars = []rune("▁▂▃▄▅▆▇█")

// graph draws the last two hours of a metric in one line, a point each five
// minutes, and says the last value. A dot is a time of which nothing is known. The
// scale goes from 0 to top, or to the highest value that there is.
func graph(samples []Sample, now time.Time, top float64) string {
	points := make([]float64, int(window/period))
	for i := range points {
		points[i] = math.NaN()
	}
	for _, s := range samples {
		if at := int(s.At.Sub(now.Add(-window)) / period); at >= 0 && at < len(points) {
			points[at], top = s.Value, max(top, s.Value)
		}
	}
	var b strings.Builder
	for _, v := range points {
		switch {
		case math.IsNaN(v):
			b.WriteRune('·')
		case top <= 0:
			b.WriteRune(bars[0])
		default:
			b.WriteRune(bars[min(len(bars)-1, max(0, int(v/top*float64(len(bars)))))])
		}
	}
	return b.String()
}

// draw is the graphs of the metrics that tell of a size that is too small, each
// with its last value and its threshold.
func (f *Facts) draw(r Rules) (lines []string) {
	for _, m := range []struct {
		name      string
		threshold float64
	}{{"CPUUsage", r.CPUPercent}, {"MemoryUsage", r.MemoryPercent}} {
		if samples := f.Metrics[m.name]; len(samples) > 0 {
			lines = append(lines, fmt.Sprintf("%-11s -2h %s %s%% (≥%s%%)", m.name, graph(samples, f.At, 100), round(samples[len(samples)-1].Value), round(m.threshold)))
		}
	}
	return lines
}
