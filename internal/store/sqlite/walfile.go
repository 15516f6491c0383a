package sqlite

import (
	"runtime"
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// SQLite writes its log with two calls for each page: frame header, then content. A group of changes is some hundred pages, so the calls
// cost more than the bytes. The VFS of this file is SQLite's own, but for the log of the connections that ask for it: what is written
// there end to end is gathered, and handed on with one call at the next flush, or before anything else is done with the file. Other
// connections look at the log only as far as its index says, and that is written after the flush.
const logVFS = "clientbook"

// maxGather is below 128 KiB, which SQLite's own VFS takes for a write of nothing.
const maxGather = 96 << 10

// A gathered is the end of a log file that was not handed on yet.
type gathered struct {
	base   *lib.Tsqlite3_io_methods // of the file underneath
	offset int64
	bytes  []byte
}

var (
	registerLogVFS sync.Once
	openBelow      uintptr  // xOpen of SQLite's own VFS
	logFiles       sync.Map // from the sqlite3_file's address to its *gathered
)

type (
	openFunc     = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	closeFunc    = func(tls *libc.TLS, file uintptr) int32
	transferFunc = func(tls *libc.TLS, file, p uintptr, n int32, offset int64) int32
	truncateFunc = func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunc     = func(tls *libc.TLS, file uintptr, flags int32) int32
	sizeFunc     = func(tls *libc.TLS, file, size uintptr) int32
)

// at gives what lies at an address of SQLite's memory.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

// pointer gives fn as SQLite's translated code calls it, function gives such a pointer back as a function.
func pointer[F any](fn F) uintptr {
	var boxed any = fn
	return (*[2]uintptr)(unsafe.Pointer(&boxed))[1]
}

func function[F any](p uintptr) F { return *(*F)(unsafe.Pointer(&struct{ uintptr }{p})) }

// useLogVFS registers the VFS under the name logVFS.
func useLogVFS() {
	registerLogVFS.Do(func() {
		tls := libc.NewTLS()
		defer tls.Close()
		below := at[lib.Tsqlite3_vfs](lib.Xsqlite3_vfs_find(tls, 0))
		p := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(*below))) // SQLite keeps it for good
		name, err := libc.CString(logVFS)
		if p == 0 || err != nil {
			panic("sqlite: out of memory")
		}
		openBelow = below.FxOpen
		vfs := at[lib.Tsqlite3_vfs](p)
		*vfs = *below
		vfs.FpNext, vfs.FzName, vfs.FxOpen = 0, name, pointer(openFile)
		if rc := lib.Xsqlite3_vfs_register(tls, p, 0); rc != lib.SQLITE_OK {
			panic("sqlite: the log's VFS was not registered")
		}
	})
}

// openFile opens a file as SQLite would. If it is a log, its methods become ours.
func openFile(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
	rc := function[openFunc](openBelow)(tls, vfs, name, file, flags, out)
	f := at[lib.Tsqlite3_file](file)
	if rc != lib.SQLITE_OK || flags&lib.SQLITE_OPEN_WAL == 0 || f.FpMethods == 0 {
		return rc
	}
	base := at[lib.Tsqlite3_io_methods](f.FpMethods)
	p := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(*base)))
	if p == 0 {
		return rc // as good, only slower
	}
	ours := at[lib.Tsqlite3_io_methods](p)
	*ours = *base
	ours.FxClose, ours.FxRead, ours.FxWrite = pointer(closeLog), pointer(readLog), pointer(writeLog)
	ours.FxTruncate, ours.FxSync, ours.FxFileSize = pointer(truncateLog), pointer(syncLog), pointer(sizeOfLog)
	f.FpMethods = p
	logFiles.Store(file, &gathered{base: base})
	return rc
}

func logOf(file uintptr) *gathered {
	g, _ := logFiles.Load(file)
	return g.(*gathered)
}

// handOn writes what was gathered.
func (g *gathered) handOn(tls *libc.TLS, file uintptr) int32 {
	if len(g.bytes) == 0 {
		return lib.SQLITE_OK
	}
	rc := function[transferFunc](g.base.FxWrite)(tls, file, uintptr(unsafe.Pointer(&g.bytes[0])), int32(len(g.bytes)), g.offset)
	runtime.KeepAlive(g.bytes)
	g.bytes = g.bytes[:0]
	return rc
}

// before hands on what was gathered, then does what touches the file; an error of the first is the answer.
func before(tls *libc.TLS, file uintptr, do func(base *lib.Tsqlite3_io_methods) int32) int32 {
	g := logOf(file)
	if rc := g.handOn(tls, file); rc != lib.SQLITE_OK {
		return rc
	}
	return do(g.base)
}

func writeLog(tls *libc.TLS, file, p uintptr, n int32, offset int64) int32 {
	g := logOf(file)
	if len(g.bytes) > 0 && (offset != g.offset+int64(len(g.bytes)) || len(g.bytes)+int(n) > maxGather) {
		if rc := g.handOn(tls, file); rc != lib.SQLITE_OK {
			return rc
		}
	}
	if len(g.bytes) == 0 {
		g.offset = offset
	}
	g.bytes = append(g.bytes, unsafe.Slice(at[byte](p), n)...)
	return lib.SQLITE_OK
}

func readLog(tls *libc.TLS, file, p uintptr, n int32, offset int64) int32 {
	return before(tls, file, func(base *lib.Tsqlite3_io_methods) int32 {
		return function[transferFunc](base.FxRead)(tls, file, p, n, offset)
	})
}

func truncateLog(tls *libc.TLS, file uintptr, size int64) int32 {
	return before(tls, file, func(base *lib.Tsqlite3_io_methods) int32 {
		return function[truncateFunc](base.FxTruncate)(tls, file, size)
	})
}

func syncLog(tls *libc.TLS, file uintptr, flags int32) int32 {
	return before(tls, file, func(base *lib.Tsqlite3_io_methods) int32 {
		return function[syncFunc](base.FxSync)(tls, file, flags)
	})
}

func sizeOfLog(tls *libc.TLS, file, size uintptr) int32 {
	return before(tls, file, func(base *lib.Tsqlite3_io_methods) int32 {
		return function[sizeFunc](base.FxFileSize)(tls, file, size)
	})
}

// closeLog closes the file whatever became of what was gathered: a connection that closes in the middle of a transaction gives it up.
func closeLog(tls *libc.TLS, file uintptr) int32 {
	g := logOf(file)
	rc := g.handOn(tls, file)
	logFiles.Delete(file)
	ours := at[lib.Tsqlite3_file](file).FpMethods
	if e := function[closeFunc](g.base.FxClose)(tls, file); e != lib.SQLITE_OK {
		rc = e
	}
	libc.Xfree(tls, ours)
	return rc
}
