package storetest

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"clientbook"
)

func TestMain(m *testing.M) {
	// Wrong engines fail the properties on purpose: no files of that, and no long search for the shortest case.
	for name, value := range map[string]string{"rapid.nofailfile": "true", "rapid.shrinktime": "100ms"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// memEngine gives the memory engine with a flaw.
func memEngine(f flaw) Engine {
	mem := func(s clientbook.Store) *memStore { return s.(*memStore) }
	return Engine{
		Open: func(t testing.TB) clientbook.Store { return newMemStore(f) },
		Reopen: func(t testing.TB, s clientbook.Store) clientbook.Store {
			if !mem(s).closed {
				if err := s.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}
			if f == forgetsOnClose {
				return newMemStore(f)
			}
			return reopenMemStore(f, mem(s).root)
		},
		Kill: func(t testing.TB, s clientbook.Store) clientbook.Store { return mem(s).kill() },
	}
}

func TestMemStore(t *testing.T) { Run(t, memEngine("")) }

// A flaw is one way in which an engine can be wrong.
type flaw string

const (
	allowsSkipping   flaw = "takes a version that skips a number"
	appliesCancelled flaw = "applies under a cancelled context and gives its error"
	closeInAHurry    flaw = "doesn't wait in Close"

	commitsFailedUpdates flaw = "commits Updates whose fn failed"
	createsOverExisting  flaw = "takes any version"
	cutsBodies           flaw = "cuts bodies at 64 KiB"
	dropsClaimsOfDeleted flaw = "drops the claims of deleted clients"
	dropsFewTokens       flaw = "drops 20 tokens at most"
	everyRacerWins       flaw = "acknowledges writes that lost a race"
	foldsNames           flaw = "orders names without regard to letter case"
	forgetsDeleted       flaw = "forgets deleted clients"
	forgetsOnClose       flaw = "has nothing after Close"
	goesOn               flaw = "goes on after an error of Page's callback"
	hidesDeleted         flaw = "hides deleted clients from Current"
	hidesErrors          flaw = "gives other errors than fn's"
	hurtsNeighbours      flaw = "fails the write after a refused one"
	ignoresClaims        flaw = "takes claims away from others"
	ignoresContext       flaw = "doesn't look at View's context"
	ignoresSettings      flaw = "ignores the settings number"
	keepersAsAdded       flaw = "gives keepers as they were added"
	keepsRefusedPosition flaw = "uses up a position for a refused change"
	keepsRefusedTallies  flaw = "keeps the tallies of refused changes"
	keepsRefusedTokens   flaw = "keeps the tokens of refused changes"
	keepsSeconds         flaw = "keeps times to the second"
	leavesFirstClaims    flaw = "keeps the first claim of a change whose second is refused"
	listsDeleted         flaw = "lists deleted clients"
	looseWindows         flaw = "takes the lower end into a window"
	losesCommitted       flaw = "loses acknowledged writes when killed"
	losesFeed            flaw = "loses every ninth entry of the feed"
	losesUpdates         flaw = "runs Updates side by side"
	makesBooks           flaw = "makes the book that is written to"
	metadataOnce         flaw = "counts metadata once per client"
	mixesBodies          flaw = "gives one reader the body of another"
	noSnapshots          flaw = "reads what is newest"
	ordersByID           flaw = "orders by id alone"
	ordersTiesUp         flaw = "orders equal times by id upwards"
	overflows            flaw = "adds offset and limit"
	pagesOverlap         flaw = "has pages that overlap"
	rangesInclusive      flaw = "begins ranges with where they should begin after"

	refusesOwnClaim   flaw = "refuses a claim to its holder"
	releasesEveryKind flaw = "releases a value's claims of all kinds"
	reordersFeed      flaw = "swaps positions"
	revokesAgain      flaw = "revokes anew what was revoked"
	settingsStay      flaw = "doesn't count changes of credentials"
	sharedPositions   flaw = "counts positions for all books together"
	skipsPosition     flaw = "skips every seventh position"
	talliesDrift      flaw = "tallies nothing down in large changes"
	talliesOneDay     flaw = "tallies by the day of the update"
	textBodies        flaw = "keeps bodies as text"
	tokensOfAllBooks  flaw = "finds tokens of other books"
	tornByKill        flaw = "loses the tokens of the last write when killed"
	twoTokens         flaw = "looks at two tokens only"
	usableAfterClose  flaw = "serves on after Close"
	viewBlocksWriter  flaw = "writes only when no View is open"
	zeroIsNoLimit     flaw = "takes limit 0 for none"
	zeroTimes         flaw = "makes zero times the first of 1970"

	allowsOwn         flaw = "allows a client what it forbids, if the client itself has it"
	allOfList         flaw = "wants all tokens of a list"
	alwaysDescending  flaw = "gives the newest first even if asked for the oldest"
	anySettings       flaw = "takes settings of any number"
	ascendsByTime     flaw = "orders equal times by id downwards when it ascends"
	blindUpdates      flaw = "reads in an Update what was before"
	claimsOfAllKinds  flaw = "gives claims of all kinds"
	claimsOnce        flaw = "says of a holder that it does not hold what it claims again"
	claimsUnnamed     flaw = "does not say which claim is taken"
	countsAdded       flaw = "counts tokens that were there already"
	dueByID           flaw = "gives due messages by id"
	dueLate           flaw = "gives messages after they are due"
	dueOnAll          flaw = "gives due messages of all channels"
	dueOnceMore       flaw = "gives messages that were sent or failed"
	dueUnleased       flaw = "never gives again what was leased"
	firstOfList       flaw = "looks at the first token of a list only"
	forbidsDropped    flaw = "forbids what the change itself drops"
	forbidsOne        flaw = "looks at the first forbidden token only"
	forbidsValues     flaw = "forbids values whatever their field"
	ignoresAbsent     flaw = "ignores absent fields"
	ignoresForbid     flaw = "ignores forbidden tokens"
	ignoresNeed       flaw = "ignores needed clients"
	ignoresStates     flaw = "ignores states"
	ignoresTokenKind  flaw = "finds tokens of any kind"
	ignoresTypes      flaw = "ignores types"
	indexedStays      flaw = "never says that a book is indexed"
	indexesBooks      flaw = "says of every new book that it is indexed"
	jobsDrop          flaw = "lets a job drop another client's claim"
	jobsSteal         flaw = "lets a job take claims away"
	keepsCursors      flaw = "never drops a cursor"
	linksEarly        flaw = "looks at links before its turn"
	messagesAnytime   flaw = "ignores the window of messages"
	messagesGoOn      flaw = "goes on after an error of Messages' callback"
	messagesKeyless   flaw = "gives messages without their keys"
	messagesOfAll     flaw = "gives messages about all clients"
	messagesTwice     flaw = "takes two messages of one position and template"
	messagesUncut     flaw = "gives all messages on one page"
	movesAnyCursor    flaw = "moves a cursor wherever it is"
	needUnnamed       flaw = "does not blame the field of links"
	needsDeleted      flaw = "takes deleted clients for needed ones"
	needsOfAllBooks   flaw = "finds needed clients in other books"
	needsOne          flaw = "looks at the first needed client only"
	neverClears       flaw = "never clears the time of sending"
	newestAction      flaw = "gives the newest action of a client for each position"
	newestVersion     flaw = "gives the newest version whichever is asked for"
	oldestMessages    flaw = "gives the oldest messages first"
	oldestSettings    flaw = "gives the oldest settings"
	oncePerMatch      flaw = "finds a client once for each token of a list"
	oneList           flaw = "looks at one list only"
	onePerPosition    flaw = "takes one message for each position"
	oneState          flaw = "looks at the first state only"
	presentAny        flaw = "is content with one of several present fields"
	releasesOthers    flaw = "releases claims of others"
	replacesMessages  flaw = "replaces a message of the same id"
	replacesTokens    flaw = "replaces tokens where it should add some"
	setsAll           flaw = "changes what SetMessage must leave alone"
	setsNothing       flaw = "sets messages that are not there"
	settingsUncounted flaw = "does not count sets of settings"
	sharedCursors     flaw = "has one cursor for all books"
	shortLists        flaw = "looks at 16 tokens of a list"
	startsAtZero      flaw = "takes a follower that does not follow for one at 0"
	tokensUnsaid      flaw = "forgets how many tokens a client has"
	twoWindows        flaw = "looks at creation and update only"
	versionsClamped   flaw = "gives the newest version for one that is not there"
	zeroInWindows     flaw = "takes a time that is not there for an early one"
)

// caught says which check each flaw must fail; other checks may fail of it too.
var caught = map[flaw][]string{
	allowsSkipping:   {"Refusals", "RefusalsAmongNeighbours"},
	appliesCancelled: {"Cancelled", "CancelledAmongNeighbours"},
	closeInAHurry:    {"CloseWaits"},

	commitsFailedUpdates: {"UpdateRollsBack"},
	createsOverExisting:  {"Refusals", "CreateRace", "VersionRace"},
	cutsBodies:           {"Sizes"},
	dropsClaimsOfDeleted: {"Deleted", "Writes"},
	dropsFewTokens:       {"Sizes"},
	everyRacerWins:       {"VersionRace", "CreateRace"},
	foldsNames:           {"Books"},
	forgetsDeleted:       {"Deleted", "Positions"},
	forgetsOnClose:       {"Reopen", "CloseDuringWrites", "Fill", "UseAfterClose"},
	goesOn:               {"CallbackErrors"},
	hidesDeleted:         {"Deleted"},
	hidesErrors:          {"CallbackErrors"},
	hurtsNeighbours:      {"RefusalsAmongNeighbours"},
	ignoresClaims:        {"ClaimRace", "ClaimMoves", "ClaimKinds", "Refusals"},
	ignoresContext:       {"Cancelled"},
	ignoresSettings:      {"SettingsInForce", "Refusals", "CredentialRace"},
	keepersAsAdded:       {"Keepers"},
	keepsRefusedPosition: {"Refusals", "RefusalsAmongNeighbours"},
	keepsRefusedTallies:  {"Refusals", "VersionRace"},
	keepsRefusedTokens:   {"Refusals", "VersionRace", "CreateRace", "ClaimRace"},
	keepsSeconds:         {"Times"},
	leavesFirstClaims:    {"Refusals", "ClaimKinds"},
	listsDeleted:         {"Deleted", "Queries"},
	looseWindows:         {"Windows", "Queries"},
	losesCommitted:       {"Kill"},
	losesFeed:            {"Positions", "Followers"},
	losesUpdates:         {"CredentialRace"},
	makesBooks:           {"UnknownBook"},
	metadataOnce:         {"Writes", "Fill"},
	mixesBodies:          {"StoredMemory"},
	noSnapshots:          {"Snapshot"},
	ordersByID:           {"PageOrder"},
	ordersTiesUp:         {"PageOrder", "PageCuts", "Queries"},
	overflows:            {"PageCuts"},
	pagesOverlap:         {"PageCuts", "Queries"},
	rangesInclusive:      {"Ranges"},

	refusesOwnClaim:   {"ClaimMoves"},
	releasesEveryKind: {"ClaimKinds"},
	reordersFeed:      {"Positions"},
	revokesAgain:      {"Credentials"},
	settingsStay:      {"Credentials", "SettingsInForce"},
	sharedPositions:   {"Positions", "BooksApart"},
	skipsPosition:     {"Positions", "Followers"},
	talliesDrift:      {"Tallies"},
	talliesOneDay:     {"TallyDays"},
	textBodies:        {"Bytes"},
	tokensOfAllBooks:  {"BooksApart"},
	tornByKill:        {"Kill"},
	twoTokens:         {"Lists"},
	usableAfterClose:  {"UseAfterClose"},
	viewBlocksWriter:  {"Snapshot", "ReadersAndWriter"},
	zeroIsNoLimit:     {"PageCuts", "Queries"},
	zeroTimes:         {"Times", "Writes"},

	allowsOwn:         {"Links"},
	allOfList:         {"Lists"},
	alwaysDescending:  {"PageOrder", "Lists", "Heads"},
	anySettings:       {"SettingsSets"},
	ascendsByTime:     {"PageOrder"},
	blindUpdates:      {"UpdateReads", "Books"},
	claimsOfAllKinds:  {"ClaimKinds"},
	claimsOnce:        {"ClaimsOfJobs"},
	claimsUnnamed:     {"ClaimMoves", "ClaimRace", "Refusals"},
	countsAdded:       {"Indexing"},
	dueByID:           {"DueMessages"},
	dueLate:           {"DueMessages"},
	dueOnAll:          {"DueMessages"},
	dueOnceMore:       {"DueMessages"},
	dueUnleased:       {"DueMessages"},
	firstOfList:       {"Lists"},
	forbidsDropped:    {"Links"},
	forbidsOne:        {"Links", "Refusals"},
	forbidsValues:     {"Links"},
	ignoresAbsent:     {"Heads", "Lists"},
	ignoresForbid:     {"Links", "LinkRace", "Refusals", "RefusalsAmongNeighbours"},
	ignoresNeed:       {"Links", "LinkRace", "Refusals", "RefusalsAmongNeighbours"},
	ignoresStates:     {"Heads"},
	ignoresTokenKind:  {"Queries", "Lists"},
	ignoresTypes:      {"Heads", "Lists", "Queries"},
	indexedStays:      {"Indexing", "UpdateReads"},
	indexesBooks:      {"Books"},
	jobsDrop:          {"ClaimsOfJobs"},
	jobsSteal:         {"ClaimsOfJobs"},
	keepsCursors:      {"Cursors"},
	linksEarly:        {"LinkRace"},
	messagesAnytime:   {"Messages"},
	messagesGoOn:      {"CallbackErrors"},
	messagesKeyless:   {"Messages", "DueMessages", "UpdateReads"},
	messagesOfAll:     {"Messages"},
	messagesTwice:     {"MessagesOnce"},
	messagesUncut:     {"Messages"},
	movesAnyCursor:    {"Cursors"},
	needUnnamed:       {"Links"},
	needsDeleted:      {"Links", "LinkRace"},
	needsOfAllBooks:   {"Links"},
	needsOne:          {"Links", "Refusals"},
	neverClears:       {"Messages"},
	newestAction:      {"Writes"},
	newestVersion:     {"Writes"},
	oldestMessages:    {"Messages", "MessagesOnce"},
	oldestSettings:    {"SettingsSets"},
	oncePerMatch:      {"Lists"},
	oneList:           {"Lists"},
	onePerPosition:    {"MessagesOnce"},
	oneState:          {"Heads"},
	presentAny:        {"Heads"},
	releasesOthers:    {"ClaimsOfJobs"},
	replacesMessages:  {"MessagesOnce"},
	replacesTokens:    {"Indexing"},
	setsAll:           {"Messages"},
	setsNothing:       {"Messages"},
	settingsUncounted: {"SettingsSets"},
	sharedCursors:     {"Cursors"},
	shortLists:        {"Lists"},
	startsAtZero:      {"Cursors"},
	tokensUnsaid:      {"Writes", "Fill"},
	twoWindows:        {"Windows"},
	versionsClamped:   {"Writes"},
	zeroInWindows:     {"Windows"},
}

// A recorder is a test that keeps its failures for itself.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	failures []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Failed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.failures) > 0
}

func (r *recorder) Helper()                           {}
func (r *recorder) Log(args ...any)                   {}
func (r *recorder) Logf(format string, args ...any)   {}
func (r *recorder) Error(args ...any)                 { r.Errorf("%s", fmt.Sprint(args...)) }
func (r *recorder) Fail()                             { r.Errorf("failed") }
func (r *recorder) FailNow()                          { r.Fail(); runtime.Goexit() }
func (r *recorder) Fatal(args ...any)                 { r.Error(args...); runtime.Goexit() }
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); runtime.Goexit() }

// failures runs a check on an engine and gives how it failed.
func failures(t testing.TB, c check, e Engine) []string {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() { // of its own, so that Goexit ends the check alone
		defer close(done)
		c.run(r, e)
	}()
	<-done
	return r.failures
}

// TestFlaws runs the suite on engines that are wrong, each in one way: the checks that are for it must fail.
func TestFlaws(t *testing.T) {
	defer func(long time.Duration) { patience = long }(patience)
	patience = 300 * time.Millisecond
	blind := map[string]bool{}
	for _, c := range checks {
		blind[c.name] = true
	}
	for f, names := range caught {
		for _, name := range names {
			delete(blind, name)
			t.Run(fmt.Sprintf("%s/%s", f, name), func(t *testing.T) {
				i := slices.IndexFunc(checks, func(c check) bool { return c.name == name })
				found := failures(t, checks[i], memEngine(f))
				if len(found) == 0 {
					t.Errorf("%s passed on an engine that %s", name, f)
				} else {
					t.Logf("%d failures, the first: %.400s", len(found), found[0])
				}
			})
		}
	}
	if len(blind) > 0 {
		t.Errorf("no flaw shows that these checks can fail: %v", slices.Sorted(maps.Keys(blind)))
	}
}
