package schedule

import (
	"fmt"
	"time"
)

// ForAssociation refuses what State Manager does not take: a rate below half
// an hour or not below 31 days, a cron expression that names months or comes
// due twice within half an hour. Source: Systems Manager User Guide,
// "Reference: Cron and rate expressions for Systems Manager", "Cron and rate
// expressions for associations".
func (s Schedule) ForAssociation() error {
	const least, below = 30 * time.Minute, 31 * 24 * time.Hour
	switch s.kind {
	case Rate:
		if s.every < least || s.every >= below {
			return fmt.Errorf("%w: an association takes a rate from 30 minutes to less than 31 days", ErrInvalid)
		}
	case Cron:
		for month := 1; month <= 12; month++ {
			if !s.cron.months.has(month) {
				return fmt.Errorf("%w: the month of an association's cron expression must be *", ErrInvalid)
			}
		}
		if s.cron.closest() < least {
			return fmt.Errorf("%w: an association comes due at most every 30 minutes", ErrInvalid)
		}
	case At:
	}
	return nil
}

// ForWindow refuses what a maintenance window does not take: a rate or a cron
// expression that comes due within the hour, the shortest that a window lasts.
func (s Schedule) ForWindow() error {
	if (s.kind == Rate && s.every < time.Hour) || (s.kind == Cron && s.cron.closest() < time.Hour) {
		return fmt.Errorf("%w: a maintenance window comes due at most every hour", ErrInvalid)
	}
	return nil
}

// closest is the shortest time between two times of day that fit; the last and
// the first of a day are compared too, as if every day fitted.
func (f *fields) closest() time.Duration {
	const day = 24 * time.Hour
	begin, ok := f.onDay(0)
	if !ok {
		return day
	}
	shortest, last := day, begin
	for {
		next, ok := f.onDay(last + time.Second)
		if !ok {
			return min(shortest, begin+day-last)
		}
		if shortest = min(shortest, next-last); shortest <= time.Second {
			return shortest
		}
		last = next
	}
}
