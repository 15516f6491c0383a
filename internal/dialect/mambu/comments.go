package mambu

import (
	"errors"
	"net/http"

	"clientbook"
)

// commentIn is the body of a new comment. The official Java client sends {"comment":{"text":…}} (CommentsService), and no more than
// that counts.
type commentIn struct {
	Comment struct {
		Text filterText `json:"text"`
	} `json:"comment"`
}

// listComments serves GET /api/clients/{id}/comments, the oldest first.
func (a *API) listComments(w http.ResponseWriter, r *http.Request) error {
	id, err := a.clientID(r)
	if err != nil {
		return err
	}
	caller := callerOf(r)
	c, err := a.books.Client(r.Context(), caller, id)
	if err != nil {
		return err
	}
	return a.answerList(w, r, len(c.Comments), func(b []byte, i int) []byte { return appendComment(b, caller.Book, c, &c.Comments[i]) })
}

// addComment serves POST /api/clients/{id}/comments and answers with the comment.
func (a *API) addComment(w http.ResponseWriter, r *http.Request) error {
	in := new(commentIn)
	if err := readBody(r, in); err != nil {
		return err
	}
	text := in.Comment.Text.text
	if text == "" {
		return refusal(codeMissingText, "text")
	}
	id, err := a.clientID(r)
	if err != nil {
		return err
	}
	caller := callerOf(r)
	c, err := a.books.UpdateClient(r.Context(), caller, id, &clientbook.ClientUpdate{Comment: &clientbook.Comment{Text: text}})
	if e, ok := errors.AsType[*clientbook.Error](err); ok && e.Field == clientbook.FieldComments {
		named := *e
		named.Param = "text"
		return &named
	}
	if err != nil {
		return err
	}
	answer(w, func(b []byte) []byte { return appendComment(b, caller.Book, c, &c.Comments[len(c.Comments)-1]) })
	return nil
}

// appendComment appends a comment, which nobody can change.
func appendComment(b []byte, id clientbook.BookID, c *clientbook.Client, comment *clientbook.Comment) []byte {
	o := newObject(b)
	o.text("encodedKey", clientbook.KeyOf(id, comment.ID))
	o.text("parentKey", c.Key(id))
	o.text("userKey", string(comment.User))
	o.time("creationDate", comment.Time)
	o.time("lastModifiedDate", comment.Time)
	o.text("text", comment.Text)
	return o.end()
}
