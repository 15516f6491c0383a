package mambu

import (
	"strconv"
	"testing"

	"clientbook"
)

// TestUserNumber makes sure that every user has a number, is found by it, and keeps it.
func TestUserNumber(t *testing.T) {
	s := new(clientbook.Settings)
	for i, id := range []string{"7", "0", "9223372036854775807", "9223372036854775808", "007", "-7", "+7", "7.0", "first", "second"} {
		s.Users = append(s.Users, clientbook.User{Definition: clientbook.Definition{Key: clientbook.DefinitionKey("key-" + strconv.Itoa(i)), ID: id}, Username: "user-" + id})
	}
	numbers := map[int64]bool{}
	for i := range s.Users {
		x := &s.Users[i]
		n := userNumber(x)
		if own := strconv.FormatInt(n, 10) == x.ID; own != (i < 3) || !own && (n < 1 || n >= 1<<52) || numbers[n] {
			t.Errorf("%s has the number %d", x.ID, n)
		}
		numbers[n] = true
		for _, ref := range []string{strconv.FormatInt(n, 10), x.ID, string(x.Key), x.Username} {
			if found := findUser(s, ref); found != x {
				t.Errorf("%s found %+v, want %s", ref, found, x.ID)
			}
		}
	}
	if n := userNumber(&s.Users[8]); n != userNumber(&clientbook.User{Definition: clientbook.Definition{Key: "key-8", ID: "renamed"}}) {
		t.Errorf("the number %d goes with the id", n)
	}
	for _, ref := range []string{"", "8", "x"} {
		if found := findUser(s, ref); found != nil {
			t.Errorf("%q found %s", ref, found.ID)
		}
	}
}
