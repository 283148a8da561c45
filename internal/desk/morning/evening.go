package morning

import "time"

// eveningHour is when the night begins: what went wrong before was seen by
// somebody at work.
const eveningHour = 18

// Evening is 18:00 of the day before, in a time zone.
func Evening(now time.Time, zone *time.Location) time.Time {
	y, m, d := now.In(zone).AddDate(0, 0, -1).Date()
	return time.Date(y, m, d, eveningHour, 0, 0, 0, zone)
}
