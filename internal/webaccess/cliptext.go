package webaccess

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"unicode/utf8"
)

// clipText is the format of text in the flags of the extended clipboard.
const clipText = 1

// short tells whether the text that an extended clipboard provides has at most
// so many characters; 0 is any number. provided begins with the flags. What
// cannot be read is not short.
// Source: The RFB Protocol, community version, "Extended Clipboard
// Pseudo-Encoding".
func short(provided []byte, longest int) bool {
	if longest == 0 {
		return true
	}
	if len(provided) < 4 || binary.BigEndian.Uint32(provided)&0xffff != clipText {
		return false // other formats have no characters to count
	}
	z, err := zlib.NewReader(bytes.NewReader(provided[4:]))
	if err != nil {
		return false
	}
	var size uint32
	most := int64(longest)*utf8.UTFMax + 1 // with the NUL at its end
	if binary.Read(z, binary.BigEndian, &size) != nil || int64(size) > most {
		return false
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(z, text); err != nil {
		return false
	}
	return utf8.RuneCount(bytes.TrimRight(text, "\x00")) <= longest
}
