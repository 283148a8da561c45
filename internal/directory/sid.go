package directory

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// SIDBytes is the binary form of a security identifier, as objectSid shows it.
// Source: Microsoft, MS-DTYP 2.4.2.2 "SID Packet Representation".
func SIDBytes(sid string) ([]byte, error) {
	parts := strings.Split(sid, "-")
	if len(parts) < 4 || len(parts) > 3+15 || parts[0] != "S" || parts[1] != "1" {
		return nil, fmt.Errorf("read SID %q: want S-1-authority-number", sid)
	}
	authority, err := strconv.ParseUint(parts[2], 10, 48)
	if err != nil {
		return nil, fmt.Errorf("read authority of SID %q: %w", sid, err)
	}
	out := binary.BigEndian.AppendUint64(nil, authority)
	out[0], out[1] = 1, byte(len(parts)-3) // revision and count stand where the 48 bits leave room
	for _, p := range parts[3:] {
		n, err := strconv.ParseUint(p, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("read SID %q: %w", sid, err)
		}
		out = binary.LittleEndian.AppendUint32(out, uint32(n))
	}
	return out, nil
}

// SIDText is the written form of a binary security identifier.
func SIDText(b []byte) (string, error) {
	if len(b) < 8 || b[0] != 1 || len(b) != 8+4*int(b[1]) || b[1] == 0 || b[1] > 15 {
		return "", fmt.Errorf("read SID of %d bytes: want revision, count and that many numbers", len(b))
	}
	var authority [8]byte
	copy(authority[2:], b[2:8])
	parts := []string{"S", "1", strconv.FormatUint(binary.BigEndian.Uint64(authority[:]), 10)}
	for at := 8; at < len(b); at += 4 {
		parts = append(parts, strconv.FormatUint(uint64(binary.LittleEndian.Uint32(b[at:])), 10))
	}
	return strings.Join(parts, "-"), nil
}
