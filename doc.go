// Package clientbook is the client master's own language: the record of a client, its rules, the errors a caller may see, and the
// interface that every storage engine implements. It knows no wire, no cipher and no database, and imports the standard library alone.
package clientbook
