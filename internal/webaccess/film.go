package webaccess

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"tamachi/internal/desktops"
	"tamachi/internal/webaccess/recording"
)

const (
	paceEvery  = 100 * time.Millisecond // between two pictures
	keyEvery   = 30 * time.Second       // between two places where a player can begin, if anything moves
	flushEvery = time.Second            // what a recording can lose
	retryFilm  = 2 * time.Second        // a display that is not there is asked again
	hugest     = 80 << 20               // bytes of one picture
)

// film is a recording that runs: one more client of a display, which draws the
// pointer into the picture for it.
type film struct {
	h *Handler
	r desktops.Recording
	w *recording.Writer

	wide, high int
	key        bool      // a whole picture was asked for
	keyed      bool      // there was one on this connection
	lastKey    time.Time // when it came
}

// run records until ctx ends or the recording has to, and says why.
func (f *film) run(ctx context.Context) error {
	for {
		err := f.connect(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, recording.ErrLarge) || errors.Is(err, recording.ErrFull) || errors.Is(err, errWrite) {
			return err
		}
		f.h.o.Log.Debug("recording waits for its desktop", "resource", f.r.WorkspaceID, "err", err)
		wait := time.NewTimer(retryFilm)
		select {
		case <-ctx.Done():
			wait.Stop()
			return ctx.Err()
		case <-wait.C:
		}
	}
}

// errWrite is trouble with the file, not with the display.
var errWrite = errors.New("the recording cannot be written")

func (f *film) connect(ctx context.Context) error {
	dctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conn, err := f.h.o.Display.DialDisplay(dctx, f.r.WorkspaceID)
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, chunk)
	stop := context.AfterFunc(dctx, func() { conn.Close() })
	f.wide, f.high, err = greet(in, conn)
	stop()
	if err != nil {
		return fmt.Errorf("greet a display: %w", err)
	}
	if _, err := conn.Write(append(recording.Format(), recording.Encodings()...)); err != nil {
		return err
	}
	pictures := make(chan []byte)
	g, ctx := errgroup.WithContext(ctx)
	release := context.AfterFunc(ctx, func() { conn.Close() }) // unblocks the reading
	defer release()
	g.Go(func() error { return watchPictures(ctx, in, pictures) })
	g.Go(func() error { return f.keep(ctx, conn, pictures) })
	return g.Wait()
}

// watchPictures hands on each picture of a display.
func watchPictures(ctx context.Context, in io.Reader, to chan<- []byte) error {
	var message []byte
	s := newScreen(in, desktops.AllAllowed(), func() int { return recording.Pixel }, func() {}, func(b []byte) error {
		if len(message)+len(b) > hugest {
			return recording.ErrLarge
		}
		message = append(message, b...)
		return nil
	})
	for {
		if err := errors.Join(s.message(), s.flush()); err != nil {
			return err
		}
		if message[0] != 0 { // a bell, the clipboard: not of the picture
			message = message[:0]
			continue
		}
		select {
		case to <- message:
			message = nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// keep asks for pictures, not too often, and writes them.
func (f *film) keep(ctx context.Context, conn net.Conn, pictures <-chan []byte) error {
	tick := time.NewTicker(f.h.flush)
	defer tick.Stop()
	f.keyed = false
	if err := f.ask(conn, true); err != nil {
		return err
	}
	var next <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case m := <-pictures:
			drawn, err := f.add(conn, m)
			if err != nil {
				return err
			}
			if drawn {
				next = time.After(paceEvery)
			}
		case <-next:
			next = nil
			if err := f.ask(conn, f.h.o.Clock.Now().Sub(f.lastKey) >= keyEvery); err != nil {
				return err
			}
		case <-tick.C:
			if err := errors.Join(f.h.o.Shelf.Room(), f.w.Flush()); err != nil {
				return fmt.Errorf("%w: %w", errWrite, err)
			}
		}
	}
}

// add writes a picture; drawn is false for one that said no more than a size,
// which uses a request up: add asks again at once, or who resizes their screen
// all the time could not be seen.
func (f *film) add(conn io.Writer, m []byte) (drawn bool, err error) {
	seen, err := recording.Look(m)
	if err != nil {
		return false, err
	}
	other := seen.Width > 0 && (seen.Width != f.wide || seen.Height != f.high)
	if other {
		f.wide, f.high = seen.Width, seen.Height
	}
	if seen.Pixels == 0 { // TigerVNC tells the size again with each whole picture
		return false, f.ask(conn, other)
	}
	at := uint32(max(0, f.h.o.Clock.Now().Sub(f.r.Start).Milliseconds()))
	if f.key && seen.Pixels >= f.wide*f.high {
		f.key, f.keyed, f.lastKey = false, true, f.h.o.Clock.Now()
		if err := f.w.Add(at, true, recording.Resized(f.wide, f.high)); err != nil {
			return false, fmt.Errorf("%w: %w", errWrite, err)
		}
	}
	if !f.keyed {
		return true, nil // a part of nothing
	}
	if err := f.w.Add(at, false, m); err != nil {
		return false, fmt.Errorf("%w: %w", errWrite, err)
	}
	return true, nil
}

// ask asks for what has changed, or for all (RFC 6143, section 7.5.3).
func (f *film) ask(conn io.Writer, whole bool) error {
	m := []byte{updateRequest, 1, 0, 0, 0, 0}
	if whole {
		f.key, m[1] = true, 0
	}
	m = binary.BigEndian.AppendUint16(m, uint16(f.wide))
	_, err := conn.Write(binary.BigEndian.AppendUint16(m, uint16(f.high)))
	return err
}
