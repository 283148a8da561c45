package network

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"
)

// directoryPorts are where programs look for a directory, LDAP and LDAPS: for
// desktops the plane answers there too, at its own port.
var directoryPorts = []int{389, 636}

// guard replaces our nftables table in one step. What comes from the bridge
// may answer the host's own connections and open TCP connections to the
// plane's port on the bridge's address, by its own number or one of a
// directory's; all else, and all that would be
// forwarded from or to the bridge, is dropped.
func (n *Network) guard(planePort int) error {
	c, err := nftables.New()
	if err != nil {
		return fmt.Errorf("open nftables: %w", err)
	}
	table := &nftables.Table{Family: nftables.TableFamilyINet, Name: n.name}
	c.AddTable(table) // so that the deletion of a first time has something to delete
	c.DelTable(table)
	table = c.AddTable(table)
	accept := nftables.ChainPolicyAccept
	input := c.AddChain(&nftables.Chain{
		Name: "input", Table: table, Type: nftables.ChainTypeFilter,
		Hooknum: nftables.ChainHookInput, Priority: nftables.ChainPriorityFilter, Policy: &accept,
	})
	forward := c.AddChain(&nftables.Chain{
		Name: "forward", Table: table, Type: nftables.ChainTypeFilter,
		Hooknum: nftables.ChainHookForward, Priority: nftables.ChainPriorityFilter, Policy: &accept,
	})
	add := func(chain *nftables.Chain, parts ...[]expr.Any) {
		var exprs []expr.Any
		for _, p := range parts {
			exprs = append(exprs, p...)
		}
		c.AddRule(&nftables.Rule{Table: table, Chain: chain, Exprs: exprs})
	}
	redirect := c.AddChain(&nftables.Chain{
		Name: "redirect", Table: table, Type: nftables.ChainTypeNAT,
		Hooknum: nftables.ChainHookPrerouting, Priority: nftables.ChainPriorityNATDest, Policy: &accept,
	})
	for _, port := range directoryPorts {
		add(redirect, from(n.name), toPort(n.Plane().AsSlice(), port), toOwn(planePort))
	}
	add(input, from(n.name), answers(), verdict(expr.VerdictAccept))
	if err := n.bound(c, table, input, planePort); err != nil {
		return err
	}
	add(input, from(n.name), toPort(n.Plane().AsSlice(), planePort), verdict(expr.VerdictAccept))
	add(input, from(n.name), verdict(expr.VerdictDrop))
	add(forward, from(n.name), verdict(expr.VerdictDrop))
	add(forward, to(n.name), verdict(expr.VerdictDrop))
	if err := c.Flush(); err != nil {
		return fmt.Errorf("write nftables table %s: %w", n.name, err)
	}
	return nil
}

// connections is how many TCP connections to the plane a desktop may have at a
// time: its agent needs a handful. One that opens more takes none from others.
const connections = 256

// bound drops the first packet of a connection to the plane from a desktop that
// has as many as it may: the kernel counts those of each address.
func (n *Network) bound(c *nftables.Conn, table *nftables.Table, input *nftables.Chain, planePort int) error {
	// The number is ours, the batch's only set: the library's come from a counter
	// that all its users share without a lock.
	set := &nftables.Set{Table: table, ID: 1, Name: "connections", KeyType: nftables.TypeIPAddr, Dynamic: true, Size: hosts}
	if err := c.AddSet(set, nil); err != nil {
		return fmt.Errorf("count the connections of desktops: %w", err)
	}
	parts := slices.Concat(from(n.name), toPort(n.Plane().AsSlice(), planePort), []expr.Any{
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: 12, Len: 4},
		&expr.Dynset{
			SrcRegKey: 1, SetName: set.Name, SetID: set.ID, Operation: unix.NFT_DYNSET_OP_ADD,
			Exprs: []expr.Any{&expr.Connlimit{Count: connections, Flags: expr.NFT_CONNLIMIT_F_INV}},
		},
	}, verdict(expr.VerdictDrop))
	c.AddRule(&nftables.Rule{Table: table, Chain: input, Exprs: parts})
	return nil
}

// unguard removes our table; none is no error.
func (n *Network) unguard() error {
	c, err := nftables.New()
	if err != nil {
		return fmt.Errorf("open nftables: %w", err)
	}
	table := &nftables.Table{Family: nftables.TableFamilyINet, Name: n.name}
	c.AddTable(table)
	c.DelTable(table)
	if err := c.Flush(); err != nil {
		return fmt.Errorf("remove nftables table %s: %w", n.name, err)
	}
	return nil
}

// padded is an interface name as the kernel compares it.
func padded(name string) []byte {
	b := make([]byte, unix.IFNAMSIZ)
	copy(b, name)
	return b
}

func from(name string) []expr.Any {
	return []expr.Any{
		&expr.Meta{Key: expr.MetaKeyIIFNAME, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: padded(name)},
	}
}

func to(name string) []expr.Any {
	return []expr.Any{
		&expr.Meta{Key: expr.MetaKeyOIFNAME, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: padded(name)},
	}
}

// answers matches packets of connections that the host opened, and what
// belongs to connections that were let in.
func answers() []expr.Any {
	mask := binary.NativeEndian.AppendUint32(nil, expr.CtStateBitESTABLISHED|expr.CtStateBitRELATED)
	return []expr.Any{
		&expr.Ct{Key: expr.CtKeySTATE, Register: 1},
		&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 4, Mask: mask, Xor: make([]byte, 4)},
		&expr.Cmp{Op: expr.CmpOpNeq, Register: 1, Data: make([]byte, 4)},
	}
}

// toPort matches TCP over IPv4 to an address and port.
func toPort(addr []byte, port int) []expr.Any {
	return []expr.Any{
		&expr.Meta{Key: expr.MetaKeyNFPROTO, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{unix.NFPROTO_IPV4}},
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: 16, Len: 4},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: addr},
		&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{unix.IPPROTO_TCP}},
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: 2, Len: 2},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: binary.BigEndian.AppendUint16(nil, uint16(port))},
	}
}

// toOwn leads a connection to a port of the interface by which it came.
func toOwn(port int) []expr.Any {
	return []expr.Any{
		&expr.Immediate{Register: 1, Data: binary.BigEndian.AppendUint16(nil, uint16(port))},
		&expr.Redir{RegisterProtoMin: 1},
	}
}

func verdict(kind expr.VerdictKind) []expr.Any {
	return []expr.Any{&expr.Verdict{Kind: kind}}
}
