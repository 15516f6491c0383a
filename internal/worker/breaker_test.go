package worker

import (
	"context"
	"testing"
	"time"

	"clientbook"
	"clientbook/internal/deliver"
)

func TestBreaker(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	down := &deliver.Failure{Outcome: clientbook.OutcomeUnreachable, Down: true}
	asks := &deliver.Failure{Outcome: clientbook.OutcomeStatus, Down: true, After: 10 * time.Minute}
	b := &breaker{probe: 45 * time.Second}
	waits := func(what string, want time.Duration) {
		t.Helper()
		if got := b.wait(now); got != want {
			t.Errorf("%s: it waits %v, want %v", what, got, want)
		}
	}
	waits("at first", 0)
	waits("beside another", 0)
	b.after(down, now)
	b.after(down, now) // was under way together with that one
	waits("after a failure", time.Second)
	for i, want := range []time.Duration{2, 4, 8, 16, 32, 60, 60} {
		now = now.Add(b.wait(now))
		waits("a probe", 0)
		waits("beside a probe", firstPause)
		b.after(down, now)
		waits("after probe "+string(rune('1'+i)), want*time.Second)
	}
	// Attempts that say nothing of the server leave it at that.
	for _, f := range []*deliver.Failure{
		deliver.Permanent(clientbook.OutcomeNoDestination, "no address"), deliver.Permanent(clientbook.OutcomeTooLong, "too long"),
		deliver.Permanent(clientbook.OutcomeForbidden, "private"), {Outcome: clientbook.OutcomeInternal}, deliver.Unreachable(context.Canceled),
	} {
		now = now.Add(b.wait(now))
		waits("a probe", 0)
		b.after(f, now)
		waits("the probe after "+f.Outcome, 0)
		waits("beside it", firstPause)
		b.untried()
		waits("one in its place", 0)
		b.after(down, now)
		waits("after that failed", time.Minute)
	}
	now = now.Add(time.Minute)
	waits("a probe", 0)
	now = now.Add(45 * time.Second)
	waits("in the place of a probe that is lost", 0)
	b.after(asks, now)
	waits("what the server asks for", 10*time.Minute)
	now = now.Add(10 * time.Minute)
	waits("a probe", 0)
	b.after(&deliver.Failure{Outcome: clientbook.OutcomeRefused, Permanent: true}, now) // it has spoken
	waits("a server that is back", 0)
	waits("and takes several", 0)
	b.after(down, now)
	waits("away again", time.Second)
	now = now.Add(time.Second)
	waits("a probe", 0)
	b.after(nil, now)
	waits("after success", 0)
}

func TestBackoff(t *testing.T) {
	for attempts, want := range map[int]time.Duration{1: 10 * time.Second, 2: 20 * time.Second, 9: 2560 * time.Second, 10: time.Hour, 1000: time.Hour} {
		for range 100 {
			if d := backoff(attempts); d < want*9/10 || d > want*11/10 {
				t.Errorf("after %d attempts: %v, want about %v", attempts, d, want)
			}
		}
	}
	var all time.Duration
	for n := 1; n < 30; n++ {
		all += backoff(n)
	}
	if all < 18*time.Hour || all > 30*time.Hour {
		t.Errorf("30 attempts take %v, want about a day", all)
	}
}
