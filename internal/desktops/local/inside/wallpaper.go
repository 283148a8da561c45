package inside

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // the kinds of pictures that can be a wallpaper
	_ "image/png"
	"io"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// mostPixels bounds the pictures that are read: 64 million, 256 MB when open.
const mostPixels = 64 << 20

// picture says why a file can be no wallpaper.
func picture(path string) error {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0) // process 1 waits for no pipe's other end
	if err != nil {
		return err
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	c, _, err := image.DecodeConfig(f)
	if err != nil {
		return fmt.Errorf("%s is no picture (PNG or JPEG): %w", path, err)
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > mostPixels/c.Height {
		return fmt.Errorf("%s is too large a picture: %d by %d", path, c.Width, c.Height)
	}
	return nil
}

// wallpaper shows a picture behind all windows, and goes on to do so when the
// screen gets another size. It speaks the protocol itself (X Window System
// Protocol, X Version 11), for which few lines are enough.
func wallpaper(path string) error {
	if path == "" {
		return nil
	}
	if err := picture(path); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	shown, _, err := image.Decode(f)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	x, err := dialX()
	if err != nil {
		return err
	}
	defer x.conn.Close()
	return x.keep(shown)
}

// screenX is a connection to an X server and its first screen.
type screenX struct {
	conn          net.Conn
	base, root    uint32
	width, height uint16
	largest       int // request, in bytes
}

// The numbers of requests and events (the protocol's appendix B).
const (
	changeWindow, createPixmap, freePixmap, createGC, putImage, clearArea = 2, 53, 54, 55, 72, 61
	configured                                                            = 22
	backPixmap, eventMask                                                 = 1, 0x800
	structureNotify                                                       = 0x20000
	deep                                                                  = 24
)

var little = binary.LittleEndian

// dialX connects to the display of this desktop.
func dialX() (*screenX, error) {
	conn, err := new(net.Dialer).DialContext(context.Background(), "unix", "/tmp/.X11-unix/X1")
	if err != nil {
		return nil, err
	}
	x := &screenX{conn: conn}
	if err := x.greet(); err != nil {
		conn.Close()
		return nil, fmt.Errorf("greet the display: %w", err)
	}
	return x, nil
}

// greet sets the connection up (chapter 8).
func (x *screenX) greet() error {
	if _, err := x.conn.Write([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(x.conn, head); err != nil {
		return err
	}
	body := make([]byte, 4*int(little.Uint16(head[6:])))
	if _, err := io.ReadFull(x.conn, body); err != nil {
		return err
	}
	if head[0] != 1 || len(body) < 32 {
		return errors.New("it refuses us")
	}
	at := 32 + (int(little.Uint16(body[16:]))+3)/4*4 + 8*int(body[21])
	if len(body) < at+40 || body[at+38] != deep {
		return errors.New("its screen has not 24 bits of colour")
	}
	x.base, x.root = little.Uint32(body[4:]), little.Uint32(body[at:])
	x.width, x.height = little.Uint16(body[at+20:]), little.Uint16(body[at+22:])
	x.largest = 4 * int(little.Uint16(body[18:]))
	return nil
}

// request sends one; its length goes by the data.
func (x *screenX) request(code, detail byte, data ...any) error {
	out := []byte{code, detail, 0, 0}
	for _, d := range data {
		switch v := d.(type) {
		case uint32:
			out = little.AppendUint32(out, v)
		case uint16:
			out = little.AppendUint16(out, v)
		case []byte:
			out = append(out, v...)
		}
	}
	little.PutUint16(out[2:], uint16(len(out)/4))
	_, err := x.conn.Write(out)
	return err
}

// keep draws the picture now and whenever the screen has changed its size.
func (x *screenX) keep(picture image.Image) error {
	if err := x.request(changeWindow, 0, x.root, uint32(eventMask), uint32(structureNotify)); err != nil {
		return err
	}
	if err := x.request(createGC, 0, x.base+1, x.root, uint32(0)); err != nil {
		return err
	}
	event := make([]byte, 32)
	for {
		if err := x.draw(picture); err != nil {
			return fmt.Errorf("draw the wallpaper: %w", err)
		}
		for again := false; !again; {
			if _, err := io.ReadFull(x.conn, event); err != nil {
				return fmt.Errorf("the display went away: %w", err)
			}
			switch event[0] &^ 0x80 {
			case 0:
				return fmt.Errorf("the display answers with error %d", event[1])
			case configured:
				w, h := little.Uint16(event[20:]), little.Uint16(event[22:])
				again = little.Uint32(event[8:]) == x.root && (w != x.width || h != x.height)
				if again {
					x.width, x.height = w, h
				}
			}
		}
	}
}

// draw makes the picture the background of the root window.
func (x *screenX) draw(picture image.Image) error {
	pixmap := x.base + 2
	if err := x.request(createPixmap, deep, pixmap, x.root, x.width, x.height); err != nil {
		return err
	}
	rows := max((x.largest-24)/(4*int(x.width)), 1)
	for top := 0; top < int(x.height); top += rows {
		n := min(rows, int(x.height)-top)
		err := x.request(putImage, 2, pixmap, x.base+1, x.width, uint16(n), uint16(0), uint16(top), []byte{0, deep, 0, 0}, x.strip(picture, top, n))
		if err != nil {
			return err
		}
	}
	if err := x.request(changeWindow, 0, x.root, uint32(backPixmap), pixmap); err != nil {
		return err
	}
	if err := x.request(clearArea, 0, x.root, uint32(0), uint32(0)); err != nil {
		return err
	}
	return x.request(freePixmap, 0, pixmap)
}

// strip is some rows of the picture, made as large as the screen is.
func (x *screenX) strip(picture image.Image, top, rows int) []byte {
	from := picture.Bounds()
	out := make([]byte, 0, rows*int(x.width)*4)
	for row := top; row < top+rows; row++ {
		at := from.Min.Y + row*from.Dy()/int(x.height)
		for col := range int(x.width) {
			r, g, b, _ := picture.At(from.Min.X+col*from.Dx()/int(x.width), at).RGBA()
			out = append(out, byte(b>>8), byte(g>>8), byte(r>>8), 0)
		}
	}
	return out
}
