package book

// Fold and Canonical are what texts and numbers are compared by.
var (
	Fold      = fold
	Canonical = canonical
)

// MaxSearches is how many searches of a book may open records at the same time.
const MaxSearches = maxSearches

// SetMaxOpened changes how many records a search opens, until the function that it gives is called.
func SetMaxOpened(n int64) (restore func()) {
	was := maxOpened
	maxOpened = n
	return func() { maxOpened = was }
}
