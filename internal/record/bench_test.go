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

// BenchmarkAppendEverything is the same for a client that has something of all there is.
func BenchmarkAppendEverything(b *testing.B) {
	c, dst := testEverything(), make([]byte, 0, 2048)
	b.ReportAllocs()
	for b.Loop() {
		Append(dst, c, "")
	}
}

func BenchmarkDecode(b *testing.B)           { benchmarkDecode(b, testPerson()) }
func BenchmarkDecodeEverything(b *testing.B) { benchmarkDecode(b, testEverything()) }

func benchmarkDecode(b *testing.B, c *clientbook.Client) {
	in := Append(nil, c, "")
	b.ReportAllocs()
	for b.Loop() {
		var c clientbook.Client
		if _, err := Decode(in, &c); err != nil {
			b.Fatal(err)
		}
	}
}
