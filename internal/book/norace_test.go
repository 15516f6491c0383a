//go:build !race

package book_test

const raceDetector = false
