// Package storetest is the one suite that every storage engine passes. It knows nothing of ciphers: it makes Changes from plain values
// and compares what the store then says with a model in memory.
package storetest

import (
	"context"
	"testing"

	"clientbook"
)

// An Engine is what the suite needs to know of a storage engine.
type Engine struct {
	// Open gives a fresh, empty store, and has the test's cleanup close it. Closing it earlier too must do no harm.
	Open func(t testing.TB) clientbook.Store
	// Reopen closes s, if it is still open, and opens the same data again.
	Reopen func(t testing.TB, s clientbook.Store) clientbook.Store
	// Kill abandons s as a kill -9 would and opens what is on disk. It is called while Applies of s run, and those go on; what it opens
	// must be the data as it was at one moment of the call. If nil, the checks that need it are skipped.
	Kill func(t testing.TB, s clientbook.Store) clientbook.Store
	// Skip has, for each check that is left out, the reason.
	Skip map[string]string
}

// A check is one thing that a store has to get right.
type check struct {
	name string
	run  func(testing.TB, Engine)
}

var checks = []check{
	{"Writes", checkWrites},
	{"VersionRace", checkVersionRace},
	{"CreateRace", checkCreateRace},
	{"Refusals", checkRefusals},
	{"RefusalsAmongNeighbours", checkRefusalsAmongNeighbours},
	{"SettingsInForce", checkSettingsInForce},
	{"UnknownBook", checkUnknownBook},
	{"ClaimRace", checkClaimRace},
	{"ClaimMoves", checkClaimMoves},
	{"ClaimKinds", checkClaimKinds},
	{"ClaimsOfJobs", checkClaimsOfJobs},
	{"Links", checkLinks},
	{"LinkRace", checkLinkRace},
	{"Queries", checkQueries},
	{"Windows", checkWindows},
	{"Lists", checkLists},
	{"Heads", checkHeads},
	{"PageOrder", checkPageOrder},
	{"PageCuts", checkPageCuts},
	{"Ranges", checkRanges},
	{"Deleted", checkDeleted},
	{"Positions", checkPositions},
	{"Followers", checkFollowers},
	{"Tallies", checkTallies},
	{"TallyDays", checkTallyDays},
	{"Times", checkTimes},
	{"Sizes", checkSizes},
	{"Bytes", checkBytes},
	{"BooksApart", checkBooksApart},
	{"Snapshot", checkSnapshot},
	{"ReadersAndWriter", checkReadersAndWriter},
	{"CallbackErrors", checkCallbackErrors},
	{"Cancelled", checkCancelled},
	{"CancelledAmongNeighbours", checkCancelledAmongNeighbours},
	{"StoredMemory", checkStoredMemory},
	{"Books", checkBooks},
	{"Credentials", checkCredentials},
	{"CredentialRace", checkCredentialRace},
	{"Keepers", checkKeepers},
	{"SettingsSets", checkSettingsSets},
	{"Indexing", checkIndexing},
	{"Cursors", checkCursors},
	{"Messages", checkMessages},
	{"MessagesOnce", checkMessagesOnce},
	{"DueMessages", checkDueMessages},
	{"UpdateReads", checkUpdateReads},
	{"UpdateRollsBack", checkUpdateRollsBack},
	{"Reopen", checkReopen},
	{"CloseDuringWrites", checkCloseDuringWrites},
	{"Kill", checkKill},
	{"UseAfterClose", checkUseAfterClose},
	{"CloseWaits", checkCloseWaits},
	{"Fill", checkFill},
}

// Run runs every check, each on a store of its own. They run in parallel, and so only when the caller's test function has returned: what
// they need is put away by t.Cleanup, not by defer.
func Run(t *testing.T, e Engine) {
	for name := range e.Skip {
		if !known(name) {
			t.Errorf("Skip names %q, which is no check", name)
		}
	}
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			if reason, ok := e.Skip[c.name]; ok {
				t.Skip(reason)
			}
			t.Parallel()
			c.run(t, e)
		})
	}
}

func known(name string) bool {
	for _, c := range checks {
		if c.name == name {
			return true
		}
	}
	return false
}

// tb is what helpers need of a test; a *rapid.T has it too.
type tb interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Failed() bool
}
