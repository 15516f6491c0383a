package clientbook

import (
	"fmt"
	"time"
)

// A Date is a calendar day, 0001-01-01 to 9999-12-31, with no time and no zone. The zero Date is no date.
type Date struct {
	Year  int16
	Month uint8
	Day   uint8
}

// ParseDate reads YYYY-MM-DD, a day that exists.
func ParseDate(s string) (Date, bool) {
	if len(s) != len("2006-01-02") || s[4] != '-' || s[7] != '-' {
		return Date{}, false
	}
	number := func(s string) (n int) {
		for i := range len(s) {
			if s[i] < '0' || s[i] > '9' {
				return -1
			}
			n = 10*n + int(s[i]-'0')
		}
		return n
	}
	y, m, d := number(s[:4]), number(s[5:7]), number(s[8:])
	if y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return Date{}, false
	}
	return Date{int16(y), uint8(m), uint8(d)}, true
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// String gives YYYY-MM-DD, "" for no date.
func (d Date) String() string {
	if d == (Date{}) {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// AppendTo appends YYYY-MM-DD to b, nothing for no date.
func (d Date) AppendTo(b []byte) []byte {
	if d == (Date{}) {
		return b
	}
	y := int(d.Year)
	return append(b, byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10),
		'-', '0'+d.Month/10, '0'+d.Month%10, '-', '0'+d.Day/10, '0'+d.Day%10)
}

// Cut gives t as every engine can keep it: UTC, whole milliseconds.
func Cut(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// DayOf gives the number of t's day since 1970-01-01, in UTC.
func DayOf(t time.Time) int32 {
	const day = 24 * 60 * 60
	s := t.Unix()
	if s < 0 {
		s -= day - 1
	}
	return int32(s / day)
}

// DayStart gives the first instant of a day numbered as by DayOf.
func DayStart(day int32) time.Time { return time.Unix(int64(day)*24*60*60, 0).UTC() }

// A Window is the time strictly after one instant and strictly before another; a zero one is no bound.
type Window struct{ After, Before time.Time }

// Open says whether the window bounds nothing.
func (w Window) Open() bool { return w.After.IsZero() && w.Before.IsZero() }
