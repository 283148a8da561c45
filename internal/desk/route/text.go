package route

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

// text is everything that the diagnosis says to a person.
var text = struct {
	Head, HeadTranslated, Good, Bad, Passes, Stops, StopsAnswer, Since, SinceBy, NotTold, Draft, DraftWhat, DraftWhy, DraftDo, Restore, Fix, NoRestore, Verify,
	OnlyRoutes, NoRoute, NotDeleted, NotRemembered, TargetGone, NotEnough, PutBack, PutBackWhy, StopsThen, Test, TestWhy, NoTest, NoDesktop, OnlyTCP, Offline,
	Foreign, NotRead, NotReadNames, Unasked, Servers, Elsewhere, NameOnly, Closer, Lost, LostNear, LostQuiet, Unanswered, UnknownEnd, NoNetwork, Mended, MendedLater, StillBroken, NothingRemembered, AllClear,
	Address, GroupOut, GroupIn, ListOut, ListIn, Route, RouteBack, Peering, Transit, TransitRoute, TransitRouteBack, NAT, Internet, VPN, Tunnel, Rule, Forwarder, NameServers report.Message
}{
	Head:           report.Message{En: "{from} to {to}, {packet}", Ja: "{from} から {to} へ、{packet}"},
	HeadTranslated: report.Message{En: "{name} is {address} ({interface}, {subnet})", Ja: "{name} は {address} ({interface}、{subnet})"},
	Good:           report.Message{En: "ok", Ja: "通過"},
	Bad:            report.Message{En: "STOP", Ja: "停止"},
	Passes:         report.Message{En: "no hop that can be read stops it", Ja: "読み取れる範囲に妨げはない"},
	Stops:          report.Message{En: "it stops at {what} {id}: {rule}", Ja: "{what} {id} で止まる: {rule}"},
	StopsAnswer:    report.Message{En: "it arrives, but its answer stops at {what} {id}: {rule}", Ja: "届くが、応答が {what} {id} で止まる: {rule}"},
	Since:          report.Message{En: "since {time}", Ja: "{time} から"},
	SinceBy:        report.Message{En: "since {time}: {event} by {by}", Ja: "{time} に {by} が {event}"},
	Draft:          report.Message{En: "to write to {person}: {command}", Ja: "{person} への連絡 (下書き): {command}"},
	DraftWhat: report.Message{
		En: "{from} cannot reach {to} ({packet}): {what} {id} stops it",
		Ja: "{from} から {to} に届きません ({packet})。{what} {id} で止まっています",
	},
	DraftWhy:  report.Message{En: "{event} at {time}, by you as the trail has it", Ja: "{time} の {event} (証跡ではご本人の操作)"},
	DraftDo:   report.Message{En: "was that meant? if not: {command}", Ja: "意図した変更でしょうか。そうでなければ復旧してください: {command}"},
	NotTold:   report.Message{En: "the trail of 90 days does not tell who changed it", Ja: "90 日間の証跡に変更した人の記録はない"},
	Restore:   report.Message{En: "restore: {command}", Ja: "復旧: {command}"},
	Fix:       report.Message{En: "or by a plan: {command}", Ja: "または計画で復旧: {command}"},
	NoRestore: report.Message{En: "no command restores it: what it was is not on record", Ja: "復旧コマンドは示せない: 元の設定の記録がない"},
	OnlyRoutes: report.Message{
		En: "a plan puts back deleted routes only, and {id} is none: it stays with the command above",
		Ja: "計画で戻せるのは削除されたルートだけで、{id} はそれに当たらない: 上のコマンドで復旧する",
	},
	NoRoute: report.Message{En: "a plan puts back deleted routes only, and {id} is none", Ja: "計画で戻せるのは削除されたルートだけで、{id} はそれに当たらない"},
	NotDeleted: report.Message{
		En: "the trail does not show that a route of {id} was deleted: what it was is not certain, so no plan puts it back",
		Ja: "{id} のルートが削除された記録は証跡にない: 元の設定が確実でないため、計画では戻さない",
	},
	NotRemembered: report.Message{
		En: "the trail does not tell where {cidr} in {id} led before: no plan puts back a guess",
		Ja: "{id} の {cidr} が元はどこへ向いていたか、証跡に記録がない: 推測では計画を作らない",
	},
	TargetGone: report.Message{
		En: "{target}, to which the route led, is not known to take packets: no plan puts back what leads nowhere",
		Ja: "ルートの宛先だった {target} が通信できる状態か確認できない: 行き先のないルートは計画では戻さない",
	},
	NotEnough: report.Message{
		En: "with {cidr} back it would stop at the same place, {rule}: what broke it is not certain, so no plan is made",
		Ja: "{cidr} を戻しても同じ場所で止まる ({rule}): 原因が確実でないため、計画は作らない",
	},
	PutBack:    report.Message{En: "put the route to {cidr} by {target} back into {table}", Ja: "{table} に {cidr} へのルート (宛先 {target}) を戻す"},
	PutBackWhy: report.Message{En: "{event} by {by} at {time}: {from} cannot reach {to} ({packet})", Ja: "{time} に {by} が {event}: {from} から {to} に届かない ({packet})"},
	StopsThen:  report.Message{En: "once it is back it stops at {what} {id}: {rule}", Ja: "戻した後は {what} {id} で止まる: {rule}"},
	Test:       report.Message{En: "try {to} ({packet}) from the desktop of {from}", Ja: "{from} のデスクトップから {to} ({packet}) への接続を試す"},
	TestWhy:    report.Message{En: "to see that it is whole", Ja: "復旧の確認"},
	NoTest:     report.Message{En: "nothing tries it from the desktop: {why}; when it is back: {command}", Ja: "デスクトップからの確認はしない: {why}。戻した後: {command}"},
	NoDesktop:  report.Message{En: "{from} is no desktop", Ja: "{from} はデスクトップではない"},
	OnlyTCP:    report.Message{En: "only TCP is tried", Ja: "試せるのは TCP だけ"},
	Offline:    report.Message{En: "the agent of {node} is not online", Ja: "{node} のエージェントがオンラインではない"},
	Verify:     report.Message{En: "then: {command}", Ja: "その後: {command}"},
	Foreign:    report.Message{En: "{network} is of another account or Region: what is inside it could not be read", Ja: "{network} は別のアカウントまたはリージョンにあり、内部は読めない"},
	NotRead:    report.Message{En: "not read: prefix lists, IPv6, firewalls of the machines themselves", Ja: "対象外: プレフィックスリスト、IPv6、機器自身のファイアウォール"},
	NotReadNames: report.Message{
		En: "not read: prefix lists, IPv6, firewalls of the machines themselves, and resolver rules (for those: --name)",
		Ja: "対象外: プレフィックスリスト、IPv6、機器自身のファイアウォール、リゾルバールール (調べるには --name)",
	},
	Unasked: report.Message{En: "resolver rules: not asked, this endpoint has no Route 53 Resolver", Ja: "リゾルバールール: 確認しない (このエンドポイントに Route 53 Resolver はない)"},
	Servers: report.Message{
		En: "DNS servers that are expected: {servers}; the rules of {network} count for what these pass on to its resolver",
		Ja: "想定する DNS サーバー: {servers}。{network} のルールは、これらがリゾルバーに転送する名前に効く",
	},
	Elsewhere: report.Message{
		En: "{id} forwards to none of the DNS servers that are expected ({servers})",
		Ja: "{id} の転送先に、想定する DNS サーバー ({servers}) が含まれていない",
	},
	NameOnly: report.Message{
		En: "which address {name} has stands in no description; the desktop itself tells: {command}",
		Ja: "{name} のアドレスは設定からは分からない。デスクトップ自身に確認: {command}",
	},
	Closer:   report.Message{En: "look closer: {command}", Ja: "詳しく調べる: {command}"},
	Lost:     report.Message{En: "by its log tunnel {outside} was lost at {time}: {details} (phase 1 {one}, phase 2 {two})", Ja: "ログによるとトンネル {outside} は {time} に切断: {details} (フェーズ 1 {one}、フェーズ 2 {two})"},
	LostNear: report.Message{En: "that was {gap} after {event} by {by}", Ja: "{by} の {event} から {gap} 後"},
	LostQuiet: report.Message{
		En: "the log of tunnel {outside}, {group}, has nothing around that time",
		Ja: "トンネル {outside} のログ {group} には、その前後の記録がない",
	},
	Unanswered: report.Message{En: "not known: {problem}", Ja: "不明: {problem}"},
	UnknownEnd: report.Message{
		En: `"{name}" is no address in a subnet, and no desktop, user, instance or interface that can be seen here`,
		Ja: `「{name}」はサブネット内のアドレスでも、ここで見えるデスクトップ、利用者、インスタンス、インターフェイスでもない`,
	},
	NoNetwork: report.Message{
		En: "{end} is in no subnet that can be seen here: no route begins there",
		Ja: "{end} はここで見えるどのサブネットにも属さない: 起点となる経路がない",
	},
	Mended:            report.Message{En: "mended: {what} {id} stopped it when it was looked at, at {time}", Ja: "復旧を確認: {time} の確認時は {what} {id} で止まっていた"},
	MendedLater:       report.Message{En: "it was broken since {time}: {event} by {by}", Ja: "{time} の {by} による {event} 以来の障害だった"},
	StillBroken:       report.Message{En: "not mended", Ja: "まだ復旧していない"},
	NothingRemembered: report.Message{En: "no earlier look at this path is remembered", Ja: "この経路を以前に調べた記録はない"},
	AllClear: report.Message{
		En: "for those concerned: {from} can reach {to} again as of {time}. Whoever is still not connected: please restart your desktop.",
		Ja: "関係者向け: {time} に {from} から {to} への通信が復旧しました。まだ接続できない方はデスクトップを再起動してください。",
	},
	Address: report.Message{En: "address", Ja: "アドレス"}, GroupOut: report.Message{En: "security group, out", Ja: "セキュリティグループ 送信"},
	GroupIn: report.Message{En: "security group, in", Ja: "セキュリティグループ 受信"}, ListOut: report.Message{En: "network ACL, out", Ja: "ネットワーク ACL 送信"},
	ListIn: report.Message{En: "network ACL, in", Ja: "ネットワーク ACL 受信"}, Route: report.Message{En: "route table", Ja: "ルートテーブル"},
	RouteBack: report.Message{En: "route table, back", Ja: "ルートテーブル 復路"}, Peering: report.Message{En: "peering connection", Ja: "ピアリング接続"},
	Transit: report.Message{En: "transit gateway", Ja: "トランジットゲートウェイ"}, TransitRoute: report.Message{En: "transit gateway's route table", Ja: "トランジットゲートウェイのルートテーブル"},
	TransitRouteBack: report.Message{En: "transit gateway's route table, back", Ja: "トランジットゲートウェイのルートテーブル 復路"},
	NAT:              report.Message{En: "NAT gateway", Ja: "NAT ゲートウェイ"}, Internet: report.Message{En: "internet gateway", Ja: "インターネットゲートウェイ"},
	VPN: report.Message{En: "VPN gateway", Ja: "VPN ゲートウェイ"}, Tunnel: report.Message{En: "VPN tunnel", Ja: "VPN トンネル"},
	Rule: report.Message{En: "resolver rule", Ja: "リゾルバールール"}, Forwarder: report.Message{En: "resolver endpoint", Ja: "リゾルバーエンドポイント"},
	NameServers: report.Message{En: "DNS servers", Ja: "DNS サーバー"},
}

// hops are the names of what a packet meets.
var hops = map[string]report.Message{
	"address": text.Address, "security group, out": text.GroupOut, "security group, in": text.GroupIn, "network ACL, out": text.ListOut,
	"network ACL, in": text.ListIn, hopRoute: text.Route, hopRouteBack: text.RouteBack, hopPeering: text.Peering, hopTransit: text.Transit,
	"route, " + hopTransit: text.TransitRoute, "route back, " + hopTransit: text.TransitRouteBack, hopNAT: text.NAT, hopInternet: text.Internet, hopVPN: text.VPN, hopTunnel: text.Tunnel,
	hopRule: text.Rule, hopForwarder: text.Forwarder, hopServers: text.NameServers,
}

// sheet prints one diagnosis.
type sheet struct {
	*Plan
	zone *time.Location
	// before is what an earlier look found; verify says that it is asked for.
	before *memory
	verify bool
	draft  *draft
}

// Write prints the diagnosis for a person.
func (s sheet) Write(w io.Writer, lang report.Lang) error {
	say := func(m report.Message, pairs ...any) { fmt.Fprintln(w, report.Say(m, pairs...).In(lang)) }
	say(text.Head, "from", s.From.Name, "to", s.To.Name, "packet", s.Asked.packet())
	for _, e := range []End{s.From, s.To} {
		if e.Address.IsValid() && e.Name != e.Address.String() {
			say(text.HeadTranslated, "name", e.Name, "address", e.Address, "interface", e.Interface, "subnet", e.Subnet)
		}
	}
	var t report.Table
	for _, step := range s.Steps {
		mark := text.Good
		if !step.Passes {
			mark = text.Bad
		}
		t.Rows = append(t.Rows, []string{mark.In(lang), hops[step.What].In(lang), step.ID, step.Rule})
	}
	if err := t.Write(w, "  "); err != nil {
		return err
	}
	for _, n := range s.Unseen {
		say(text.Foreign, "network", n)
	}
	switch {
	case s.Broken != nil:
		s.broken(lang, say)
	case len(s.Steps) > 0:
		say(text.Passes)
	}
	if s.verify {
		s.verified(lang, say)
	}
	s.named(say)
	for _, p := range s.Unanswered {
		say(text.Unanswered, "problem", p.In(lang))
	}
	return nil
}

// named says what goes with a name that was asked for.
func (s sheet) named(say func(report.Message, ...any)) {
	n := s.Naming
	if n == nil {
		say(text.NotReadNames)
		return
	}
	if n.Unasked {
		say(text.Unasked)
	}
	servers := strings.Join(n.Servers, ", ")
	if len(n.Servers) > 0 {
		say(text.Servers, "servers", servers, "network", n.Network)
	}
	if r := n.elsewhere(); r != nil {
		say(text.Elsewhere, "id", r.ID, "servers", servers)
	}
	if !s.To.Address.IsValid() && s.From.desktop != nil {
		say(text.NameOnly, "name", n.Name, "command", plan.Shell("tamachi", "diagnose", "share", s.From.Name, n.Name))
	}
	say(text.NotRead)
}

// losses says what the logs of tunnels have.
func (s sheet) losses(say func(report.Message, ...any)) {
	for _, t := range s.gateOf(s.Broken.ID).Tunnels {
		switch l := t.Lost; {
		case l != nil:
			say(text.Lost, "outside", t.Outside, "time", s.time(l.Time), "details", report.Plain(l.Details), "one", report.Plain(l.Phase1), "two", report.Plain(l.Phase2))
			if c := s.Broken.Change; c != nil && justBefore(c.Time, l.Time) {
				say(text.LostNear, "gap", l.Time.Sub(c.Time).Round(time.Second), "event", c.Event, "by", c.By)
			}
		case t.Quiet:
			say(text.LostQuiet, "outside", t.Outside, "group", groupName(t.Log))
		}
	}
}

func (s sheet) time(t time.Time) string { return t.In(s.zone).Format("2006-01-02 15:04:05 MST") }

func (s sheet) broken(lang report.Lang, say func(report.Message, ...any)) {
	b := s.Broken
	m := text.Stops
	if b.Answer {
		m = text.StopsAnswer
	}
	say(m, "what", hops[b.What].In(lang), "id", b.ID, "rule", b.Rule)
	switch {
	case b.Change != nil:
		say(text.SinceBy, "time", s.time(b.Change.Time), "event", b.Change.Event, "by", b.Change.By)
	case !b.Since.IsZero():
		say(text.Since, "time", s.time(b.Since))
	default:
		say(text.NotTold)
	}
	if b.What == hopTunnel {
		s.losses(say)
	}
	if s.draft != nil {
		say(text.Draft, "person", s.draft.Person, "command", s.draft.Command)
	}
	for _, r := range b.Restore {
		say(text.Restore, "command", r.Command())
	}
	if _, err := s.lost(); err == nil {
		say(text.Fix, "command", s.Asked.command()+" --fix")
	}
	switch {
	case b.What == hopServers:
		say(text.Closer, "command", s.Naming.closer())
	case len(b.Restore) == 0:
		say(text.NoRestore)
	}
	if !s.verify {
		say(text.Verify, "command", s.Asked.again())
	}
}

// verified compares with the look before.
func (s sheet) verified(lang report.Lang, say func(report.Message, ...any)) {
	switch {
	case s.Broken != nil:
		say(text.StillBroken)
	case s.before == nil:
		say(text.NothingRemembered)
	default:
		b := s.before
		say(text.Mended, "what", hops[b.Broken.What].In(lang), "id", b.Broken.ID, "time", s.time(b.At))
		if b.Event != "" {
			say(text.MendedLater, "time", s.time(b.Since), "event", b.Event, "by", b.By)
		}
		say(text.AllClear, "from", s.From.Name, "to", s.To.Name, "time", s.time(s.At))
	}
}

// packet is what is asked for, in a word.
func (a Asked) packet() string {
	if a.Protocol == "icmp" {
		return a.Protocol
	}
	return fmt.Sprintf("%s/%d", a.Protocol, a.Port)
}

// again is the command that tests once more.
func (a Asked) again() string { return a.command() + " --verify" }

// command asks for the same.
func (a Asked) command() string {
	parts := []string{"tamachi diagnose path", a.From}
	if a.To != "" {
		parts = append(parts, "to", a.To)
	}
	if a.Name != "" && a.Name != a.To {
		parts = append(parts, "--name", a.Name)
	}
	if a.Protocol != "tcp" {
		parts = append(parts, "--protocol", a.Protocol)
	}
	if a.Protocol != "icmp" {
		parts = append(parts, "--port", fmt.Sprint(a.Port))
	}
	return strings.Join(parts, " ")
}
