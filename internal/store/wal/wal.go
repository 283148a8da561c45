package wal

import (
	"errors"
	"sync"
	"sync/atomic"
	"syscall"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Name is that of the VFS, for the vfs parameter of a connection.
const Name = "tamachi-wal"

// most is how much may wait to be written: a long transaction is written in
// pieces of it.
const most = 1 << 20

// register is called once: SQLite's list of VFS is of the process.
var register = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	plain := sqlite3.Xsqlite3_vfs_find(tls, 0)
	own := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	name, err := libc.CString(Name)
	if plain == 0 || own == 0 || err != nil {
		return errors.New("register the file system of the log: SQLite has none of its own, or no memory")
	}
	vfs := at[sqlite3.Tsqlite3_vfs](own)
	*vfs = *at[sqlite3.Tsqlite3_vfs](plain)
	under.vfs, under.open = plain, vfs.FxOpen
	vfs.FpNext, vfs.FzName, vfs.FxOpen = 0, name, function(open)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, own, 0); rc != sqlite3.SQLITE_OK {
		return errors.New("register the file system of the log: SQLite refused it")
	}
	return nil
})

// Register makes the VFS known to SQLite.
func Register() error { return register() }

// under is SQLite's own file system. All is guarded by mu but vfs and open,
// which do not change.
var under struct {
	vfs, open uintptr
	mu        sync.Mutex
	plain     *sqlite3.Tsqlite3_io_methods // of every file
	own       uintptr                      // of logs: plain, with our functions
	logs      map[uintptr]*log             // by sqlite3_file
	written   atomic.Int64                 // bytes, into all logs; needs no lock
}

// Written is how much this process has written into logs so far, in bytes.
func Written() int64 { return under.written.Load() }

// log is an open log. Its connection is used by one goroutine at a time.
type log struct {
	start   int64  // where pending belongs
	pending []byte // what SQLite wrote and the kernel does not know yet
	synced  bool   // once: the folder's entry is on the disk
}

// open opens a file and, when it is a log, puts our functions in.
func open(tls *libc.TLS, _, name, file uintptr, flags int32, out uintptr) int32 {
	rc := call[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](under.open)(tls, under.vfs, name, file, flags, out)
	if rc != sqlite3.SQLITE_OK || flags&sqlite3.SQLITE_OPEN_WAL == 0 {
		return rc
	}
	under.mu.Lock()
	defer under.mu.Unlock()
	f := at[sqlite3.Tsqlite3_file](file)
	if under.own == 0 {
		under.plain = at[sqlite3.Tsqlite3_io_methods](f.FpMethods)
		if under.own = libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(*under.plain))); under.own == 0 {
			return rc // it goes on with SQLite's own
		}
		m := at[sqlite3.Tsqlite3_io_methods](under.own)
		*m = *under.plain
		m.FxWrite, m.FxSync, m.FxRead = function(write), function(syncLog), function(read)
		m.FxTruncate, m.FxFileSize, m.FxClose = function(truncate), function(fileSize), function(closeLog)
		under.logs = make(map[uintptr]*log)
	}
	f.FpMethods = under.own
	under.logs[file] = &log{}
	return rc
}

func find(file uintptr) *log {
	under.mu.Lock()
	defer under.mu.Unlock()
	return under.logs[file]
}

// flush gives the kernel what waits. SQLite's own function takes 128 KB at
// most, so it is not asked.
func (l *log) flush(file uintptr) int32 {
	fd := descriptor(file)
	for left, offset := l.pending, l.start; len(left) > 0; {
		n, err := syscall.Pwrite(fd, left, offset)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), err == nil && n == 0:
			return sqlite3.SQLITE_FULL
		case err != nil:
			return sqlite3.SQLITE_IOERR_WRITE
		}
		left, offset = left[n:], offset+int64(n)
	}
	if l.pending = l.pending[:0]; cap(l.pending) > most {
		l.pending = nil
	}
	return sqlite3.SQLITE_OK
}

// descriptor is the kernel's number of a file of SQLite's own file system.
func descriptor(file uintptr) int { return int(at[sqlite3.TunixFile](file).Fh) }

func write(_ *libc.TLS, file, from uintptr, n int32, offset int64) int32 {
	under.written.Add(int64(n))
	l := find(file)
	if offset != l.start+int64(len(l.pending)) || len(l.pending)+int(n) > most {
		if rc := l.flush(file); rc != sqlite3.SQLITE_OK {
			return rc
		}
	}
	if len(l.pending) == 0 {
		l.start = offset
	}
	l.pending = append(l.pending, unsafe.Slice(at[byte](from), n)...)
	return sqlite3.SQLITE_OK
}

func syncLog(tls *libc.TLS, file uintptr, flags int32) int32 {
	l := find(file)
	if rc := l.flush(file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	if l.synced {
		if syscall.Fdatasync(descriptor(file)) != nil {
			return sqlite3.SQLITE_IOERR_FSYNC // no second try: it might succeed and lie
		}
		return sqlite3.SQLITE_OK
	}
	rc := call[func(*libc.TLS, uintptr, int32) int32](under.plain.FxSync)(tls, file, flags)
	l.synced = rc == sqlite3.SQLITE_OK
	return rc
}

func read(tls *libc.TLS, file, into uintptr, n int32, offset int64) int32 {
	if rc := find(file).flush(file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return call[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](under.plain.FxRead)(tls, file, into, n, offset)
}

func truncate(tls *libc.TLS, file uintptr, size int64) int32 {
	if rc := find(file).flush(file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return call[func(*libc.TLS, uintptr, int64) int32](under.plain.FxTruncate)(tls, file, size)
}

func fileSize(tls *libc.TLS, file, size uintptr) int32 {
	if rc := find(file).flush(file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return call[func(*libc.TLS, uintptr, uintptr) int32](under.plain.FxFileSize)(tls, file, size)
}

// closeLog closes the file. What waits is of no commit and may be lost.
func closeLog(tls *libc.TLS, file uintptr) int32 {
	_ = find(file).flush(file)
	under.mu.Lock()
	delete(under.logs, file)
	under.mu.Unlock()
	return call[func(*libc.TLS, uintptr) int32](under.plain.FxClose)(tls, file)
}

// at is what stands at an address of SQLite's memory, which is not Go's: no
// collector moves or frees it.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// call is the function that one of SQLite's function pointers stands for.
func call[F any](pointer uintptr) F { return *(*F)(unsafe.Pointer(&struct{ uintptr }{pointer})) }

// function is the pointer by which SQLite calls a function of this package.
func function(f any) uintptr { return (*[2]uintptr)(unsafe.Pointer(&f))[1] }
