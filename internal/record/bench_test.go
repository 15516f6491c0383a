package record

import (
	"testing"

	"clientbook"
)

func BenchmarkAppend(b *testing.B) {
	c, dst := testPerson(), make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		Append(dst, c, "")
	}
}

func BenchmarkDecode(b *testing.B) {
	in := Append(nil, testPerson(), "")
	b.ReportAllocs()
	for b.Loop() {
		var c clientbook.Client
		if _, err := Decode(in, &c); err != nil {
			b.Fatal(err)
		}
	}
}
