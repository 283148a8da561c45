package fabric

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"

	"tamachi/internal/netpath"
)

// filter writes what may pass into the kernel, in one step: packets are marked
// with their subnet, lists are asked about each, groups about the first of a
// connection (netpath.Find has the order).
func (s *space) filter(p *plan) error {
	if s.plan != nil && reflect.DeepEqual(*s.plan, *p) {
		return nil
	}
	c, err := nftables.New(nftables.WithNetNSFd(int(s.ns)), nftables.WithSockOptions(roomy))
	if err != nil {
		return fmt.Errorf("open nftables of network %s: %w", s.id, err)
	}
	w := &writer{conn: c, plan: p, table: &nftables.Table{Family: nftables.TableFamilyIPv4, Name: "tamachi"}}
	c.AddTable(w.table) // so that the deletion of a first time has something to delete
	c.DelTable(w.table)
	w.table = c.AddTable(w.table)
	if p.ports != nil {
		return w.passOn(s)
	}
	w.mark()
	w.rule(w.translation(), to(uplink+"\x00"), []expr.Any{&expr.Masq{}})
	if err := w.pass(); err != nil {
		return fmt.Errorf("write the rules of network %s: %w", s.id, err)
	}
	if err := c.Flush(); err != nil {
		return fmt.Errorf("write the rules of network %s: %w", s.id, err)
	}
	s.plan = p
	return nil
}

// roomy makes room in the socket for all rules of a network at once: a transaction
// is one message, and the kernel answers each part of it. Root may have more than
// others (socket(7), SO_SNDBUFFORCE).
func roomy[C interface {
	SetReadBuffer(bytes int) error
	SetWriteBuffer(bytes int) error
}](c C,
) error {
	const room = 32 << 20
	return errors.Join(c.SetWriteBuffer(room), c.SetReadBuffer(room))
}

// writer collects the rules of a network.
type writer struct {
	sets  uint32 // so far
	conn  *nftables.Conn
	plan  *plan
	table *nftables.Table
}

// base makes a chain that the kernel asks.
func (w *writer) base(name string, hook *nftables.ChainHook, priority *nftables.ChainPriority, policy nftables.ChainPolicy) *nftables.Chain {
	return w.conn.AddChain(&nftables.Chain{Name: name, Table: w.table, Type: nftables.ChainTypeFilter, Hooknum: hook, Priority: priority, Policy: &policy})
}

// chain makes a chain that others ask.
func (w *writer) chain(name string) *nftables.Chain {
	return w.conn.AddChain(&nftables.Chain{Name: name, Table: w.table})
}

func (w *writer) rule(chain *nftables.Chain, parts ...[]expr.Any) {
	w.conn.AddRule(&nftables.Rule{Table: w.table, Chain: chain, Exprs: slices.Concat(parts...)})
}

// mark marks packets with the number of the subnet that they come from.
func (w *writer) mark() {
	chain := w.base("subnets", nftables.ChainHookPrerouting, nftables.ChainPriorityMangle, nftables.ChainPolicyAccept)
	for _, sub := range w.plan.network.Subnets {
		w.rule(chain, address(source, sub.Prefix, expr.CmpOpEq), marked(w.plan.numbers[sub.ID]))
	}
}

// passOn writes the rules of a transit gateway: it passes on what comes, by the
// table of the port.
func (w *writer) passOn(s *space) error {
	chain := w.base("ports", nftables.ChainHookPrerouting, nftables.ChainPriorityMangle, nftables.ChainPolicyAccept)
	for port, table := range w.plan.ports {
		w.rule(chain, from(port+"\x00"), marked(w.plan.numbers[table]))
	}
	w.base("router", nftables.ChainHookInput, nftables.ChainPriorityFilter, nftables.ChainPolicyDrop)
	if err := w.conn.Flush(); err != nil {
		return fmt.Errorf("write the rules of transit gateway %s: %w", s.id, err)
	}
	s.plan = w.plan
	return nil
}

// marked marks a packet.
func marked(number int) []expr.Any {
	return []expr.Any{
		&expr.Immediate{Register: 1, Data: binary.NativeEndian.AppendUint32(nil, uint32(number))},
		&expr.Meta{Key: expr.MetaKeyMARK, SourceRegister: true, Register: 1},
	}
}

// pass decides what goes from one port to another. The router itself answers
// nobody.
func (w *writer) pass() error {
	w.base("router", nftables.ChainHookInput, nftables.ChainPriorityFilter, nftables.ChainPolicyDrop)
	lists := w.lists()
	out, err := w.groups("out", true)
	if err != nil {
		return err
	}
	in, err := w.groups("in", false)
	if err != nil {
		return err
	}
	chain := w.base("forward", nftables.ChainHookForward, nftables.ChainPriorityFilter, nftables.ChainPolicyDrop)
	for _, l := range lists {
		w.rule(chain, address(l.mine, l.prefix, expr.CmpOpEq), address(l.peer, l.prefix, expr.CmpOpNeq), jump(l.chain))
	}
	w.rule(chain, follows(), verdict(expr.VerdictAccept))
	w.rule(chain, load(source), chosenBy(out))
	w.rule(chain, load(destination), chosenBy(in))
	w.rule(chain, verdict(expr.VerdictAccept))
	return nil
}

// list is a direction of a network ACL at the edge of a subnet.
type list struct {
	prefix     netip.Prefix
	mine, peer side
	chain      string
}

// lists writes the network ACLs. What passes goes back to who asked.
func (w *writer) lists() []list {
	var out []list
	for _, sub := range w.plan.network.Subnets {
		for _, egress := range []bool{true, false} {
			l := list{sub.Prefix, destination, source, "acl-in-" + strconv.Itoa(w.plan.numbers[sub.ID])}
			if egress {
				l = list{sub.Prefix, source, destination, "acl-out-" + strconv.Itoa(w.plan.numbers[sub.ID])}
			}
			chain := w.chain(l.chain)
			entries := slices.Clone(sub.Entries)
			slices.SortStableFunc(entries, func(a, b netpath.Entry) int { return a.Number - b.Number })
			for _, e := range entries {
				if e.Egress != egress || !e.Prefix.Addr().Is4() {
					continue
				}
				kind := expr.VerdictDrop
				if e.Allow {
					kind = expr.VerdictReturn
				}
				w.rule(chain, address(l.peer, e.Prefix, expr.CmpOpEq), ports(e.Protocol, e.From, e.To), verdict(kind))
			}
			w.rule(chain, verdict(expr.VerdictDrop))
			out = append(out, l)
		}
	}
	return out
}

// add adds a set under a number of ours: the library's own come from a counter
// that all its users share without a lock. They tell sets apart within a batch.
func (w *writer) add(set *nftables.Set, elements []nftables.SetElement) error {
	w.sets++
	set.ID = w.sets
	if set.Anonymous {
		set.Name = "__set%d" // the kernel's pattern for sets without a name
	}
	return w.conn.AddSet(set, elements)
}

// groups writes the security groups of a direction: a chain for each choice of
// groups that a desktop has, and a map from addresses to them.
func (w *writer) groups(word string, egress bool) (*nftables.Set, error) {
	set := &nftables.Set{Table: w.table, Name: "groups-" + word, IsMap: true, KeyType: nftables.TypeIPAddr, DataType: nftables.TypeVerdict}
	if err := w.add(set, nil); err != nil {
		return nil, err
	}
	chains := map[string]string{}
	var elements []nftables.SetElement
	for _, seat := range w.plan.seats {
		if len(seat.Groups) == 0 {
			continue
		}
		key := strings.Join(slices.Sorted(slices.Values(seat.Groups)), " ")
		if chains[key] == "" {
			chains[key] = "sg-" + word + "-" + strconv.Itoa(len(chains)+1)
			if err := w.permissions(chains[key], seat.Groups, egress); err != nil {
				return nil, err
			}
		}
		elements = append(elements, nftables.SetElement{
			Key: seat.Addr.AsSlice(), VerdictData: &expr.Verdict{Kind: expr.VerdictJump, Chain: chains[key]},
		})
	}
	return set, w.fill(set, elements)
}

// portion is how many elements one message takes: its length is 16 bits.
const portion = 400

func (w *writer) fill(set *nftables.Set, elements []nftables.SetElement) error {
	for some := range slices.Chunk(elements, portion) {
		if err := w.conn.SetAddElements(set, some); err != nil {
			return err
		}
	}
	return nil
}

// permissions writes the rules of some groups. What one permits goes back to who
// asked; the rest ends.
func (w *writer) permissions(name string, groups []string, egress bool) error {
	chain := w.chain(name)
	peer := source
	if egress {
		peer = destination
	}
	for _, g := range w.plan.network.Groups {
		if !slices.Contains(groups, g.ID) {
			continue
		}
		for _, r := range g.Rules {
			if r.Egress != egress {
				continue
			}
			who, err := w.peer(peer, r)
			if err != nil {
				return err
			}
			if who == nil {
				continue // of IPv6, or of a group that nobody has
			}
			w.rule(chain, *who, ports(r.Protocol, r.From, r.To), verdict(expr.VerdictReturn))
		}
	}
	w.rule(chain, verdict(expr.VerdictDrop))
	return nil
}

// peer matches whom a rule permits; nil is nobody.
func (w *writer) peer(peer side, r netpath.Rule) (*[]expr.Any, error) {
	if r.Group == "" {
		if !r.Prefix.Addr().Is4() {
			return nil, nil
		}
		return new(address(peer, r.Prefix, expr.CmpOpEq)), nil
	}
	members := w.plan.members[r.Group]
	if len(members) == 0 {
		return nil, nil
	}
	set := &nftables.Set{Table: w.table, Anonymous: true, Constant: true, KeyType: nftables.TypeIPAddr}
	if len(members) > portion {
		set = &nftables.Set{Table: w.table, Name: "members-" + r.ID, KeyType: nftables.TypeIPAddr}
	}
	var elements []nftables.SetElement
	for _, a := range members {
		elements = append(elements, nftables.SetElement{Key: a.AsSlice()})
	}
	if err := w.add(set, elements[:min(portion, len(elements))]); err != nil {
		return nil, err
	}
	if err := w.fill(set, elements[min(portion, len(elements)):]); err != nil {
		return nil, err
	}
	return new(append(load(peer), &expr.Lookup{SourceRegister: 1, SetName: set.Name, SetID: set.ID})), nil
}

// side is where an IPv4 header has an address (RFC 791, section 3.1).
type side uint32

const (
	source      side = 12
	destination side = 16
)

func load(s side) []expr.Any {
	return []expr.Any{&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: uint32(s), Len: 4}}
}

// address compares an address with a range.
func address(s side, p netip.Prefix, op expr.CmpOp) []expr.Any {
	if p.Bits() == 0 && op == expr.CmpOpEq {
		return nil
	}
	mask := ipNet(p).Mask
	return append(load(s),
		&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 4, Mask: mask, Xor: make([]byte, 4)},
		&expr.Cmp{Op: op, Register: 1, Data: p.Masked().Addr().AsSlice()})
}

// ports matches a protocol, and of TCP and UDP the port that a packet goes to.
func ports(protocol, from, to int) []expr.Any {
	if protocol == netpath.Any {
		return nil
	}
	out := []expr.Any{
		&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: 1},
		&expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte{byte(protocol)}},
	}
	if protocol != netpath.TCP && protocol != netpath.UDP || from <= 0 && to >= 65535 {
		return out
	}
	return append(out,
		&expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: 2, Len: 2},
		&expr.Range{Op: expr.CmpOpEq, Register: 1, FromData: port(from), ToData: port(to)})
}

func port(n int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(n)) }

// follows matches packets of connections that were let in. Groups remember them
// (VPC User Guide, "Security group connection tracking").
func follows() []expr.Any {
	mask := binary.NativeEndian.AppendUint32(nil, expr.CtStateBitESTABLISHED|expr.CtStateBitRELATED)
	return []expr.Any{
		&expr.Ct{Key: expr.CtKeySTATE, Register: 1},
		&expr.Bitwise{SourceRegister: 1, DestRegister: 1, Len: 4, Mask: mask, Xor: make([]byte, 4)},
		&expr.Cmp{Op: expr.CmpOpNeq, Register: 1, Data: make([]byte, 4)},
	}
}

// chosenBy leaves the decision to what a map has for the address that is loaded.
func chosenBy(set *nftables.Set) []expr.Any {
	return []expr.Any{&expr.Lookup{SourceRegister: 1, DestRegister: 0, IsDestRegSet: true, SetName: set.Name, SetID: set.ID}}
}

func jump(chain string) []expr.Any {
	return []expr.Any{&expr.Verdict{Kind: expr.VerdictJump, Chain: chain}}
}

func verdict(kind expr.VerdictKind) []expr.Any { return []expr.Any{&expr.Verdict{Kind: kind}} }
