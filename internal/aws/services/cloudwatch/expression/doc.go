// Package expression reads and evaluates metric math: expressions over time
// series, as in (m1 + m2) / PERIOD(m1) or IF(m1 > 85, 1, 0). It is pure; whoever
// evaluates an expression gives it the series it names.
//
// A value is a number, a time series or a list of them. Two series are combined
// at the times that both have; what is no number (a division by zero) is left
// out. AND, OR and the comparisons give 1 or 0.
// Source: CloudWatch User Guide, "Metric math syntax and functions".
package expression
