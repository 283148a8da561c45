// Package series keeps points of metrics in compressed blocks and computes
// statistics of them. It is pure: no store, no clock.
//
// A point is what was measured in one step of time, a minute or a second: a
// statistic set (minimum, maximum, sum, number of samples) and, where it is
// known, which values there were and how often. A block holds points of one
// series, the time as delta of delta and numbers as the XOR with the number
// before them, as section 4 of "Gorilla: A Fast, Scalable, In-Memory Time
// Series Database" (Pelkonen et al., VLDB 2015) describes. Where all numbers of
// a column are decimals of a few places, which XOR packs badly, the column holds
// their differences as integers instead. Both are exact.
package series
