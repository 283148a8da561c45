package maintenance

import "time"

// Mode is a running mode of desktops that AWS maintains by itself.
type Mode string

// The running modes.
const (
	AlwaysOn Mode = "ALWAYS_ON"
	AutoStop Mode = "AUTO_STOP"
)

// Night is when desktops of a mode may be maintained on a day, which is given by
// its midnight; ok is false where they are not. ALWAYS_ON ones are maintained
// from 00:00 to 04:00 on Sundays; AUTO_STOP ones once a month, on a day from the
// third Monday on and for two weeks, from 00:00 to 05:00. It is so where the
// directory has maintenance mode enabled.
// Source: WorkSpaces Administration Guide, "WorkSpace maintenance".
func Night(m Mode, midnight time.Time) (from, to time.Time, ok bool) {
	y, month, d := midnight.Date()
	at := func(hour int) time.Time { return time.Date(y, month, d, hour, 0, 0, 0, midnight.Location()) }
	switch {
	case m == AlwaysOn && midnight.Weekday() == time.Sunday:
		return midnight, at(4), true
	case m == AutoStop:
		if _, ok := Fortnight(midnight); ok {
			return midnight, at(5), true
		}
	}
	return time.Time{}, time.Time{}, false
}

// Fortnight is the third Monday of a month from which on a day is in the two
// weeks of AUTO_STOP desktops; ok is false for a day that is in none.
func Fortnight(day time.Time) (begin time.Time, ok bool) {
	for _, month := range []time.Time{day, day.AddDate(0, 0, -day.Day())} { // this one, and the last
		first := time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, day.Location())
		third := first.AddDate(0, 0, (int(time.Monday)-int(first.Weekday())+7)%7+14)
		if !day.Before(third) && day.Before(third.AddDate(0, 0, 14)) {
			return third, true
		}
	}
	return time.Time{}, false
}
