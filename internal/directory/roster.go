package directory

import (
	"context"
	"errors"
)

// Roster is who is in one directory: its users, its groups, and who belongs to
// which. The embedded directory and a directory server over the network answer
// alike; directorytest.RunRoster holds both to it. Names are sAMAccountNames
// and have no case; lists are in the order of names in lower case.
type Roster interface {
	Users
	Logons
	Groups
	Memberships
}

// Book is a directory as those see it who ask for its people.
type Book struct {
	Domain
	Roster Roster // nil = the plane itself keeps its people
	Closed bool   // its people are not to be read or changed by the API
}

// Users are the accounts of people and services.
type Users interface {
	// ListUsers returns one page of users.
	ListUsers(ctx context.Context, q Query) ([]Account, error)
	// User returns one user, ErrNoUser if there is none of that name.
	User(ctx context.Context, name string) (Account, error)
	// AddUser makes a user, who is disabled until a password is set, and
	// returns it with its SID and DN; ErrNameTaken if a user or a group has
	// that name.
	AddUser(ctx context.Context, a Account) (Account, error)
	// ChangeUser changes attributes, all or none; ErrNoUser, ErrHasValue or
	// ErrNoValue if it cannot.
	ChangeUser(ctx context.Context, name string, changes []Change) error
	// RemoveUser removes a user from the directory and from its groups;
	// ErrNoUser, or ErrProtected for an account that the directory needs.
	RemoveUser(ctx context.Context, name string) error
}

// Logons are what an account needs to log on.
type Logons interface {
	// Disable refuses the account's next bind; ErrNoUser.
	Disable(ctx context.Context, name string) error
	// Reset gives an account a password, enables and unlocks it; ErrNoUser, or
	// ErrWeakPassword when the directory's policy refuses the password.
	Reset(ctx context.Context, name, password string) error
}

// Groups are the groups of a directory.
type Groups interface {
	// ListGroups returns one page of groups.
	ListGroups(ctx context.Context, q Query) ([]Group, error)
	// Group returns one group, ErrNoGroup if there is none of that name.
	Group(ctx context.Context, name string) (Group, error)
	// AddGroup makes a group and returns it with its SID and DN; ErrNameTaken
	// if a user or a group has that name.
	AddGroup(ctx context.Context, g Group) (Group, error)
	// ChangeGroup changes scope and type, each unless it is empty, and
	// attributes, all or none; ErrNoGroup, ErrHasValue, ErrNoValue, or
	// ErrProtected for a change of scope that a directory does not allow.
	ChangeGroup(ctx context.Context, name string, scope GroupScope, kind GroupKind, changes []Change) error
	// RemoveGroup removes a group and every membership in it; ErrNoGroup, or
	// ErrProtected for a group that the directory needs.
	RemoveGroup(ctx context.Context, name string) error
}

// Memberships tell who belongs to which group, directly.
type Memberships interface {
	// AddMember makes a user or a group member of a group; ErrNoGroup,
	// ErrNoMember, ErrIsMember, or ErrProtected for a group in itself.
	AddMember(ctx context.Context, group, member string) error
	// RemoveMember ends a membership; ErrNoGroup, ErrNoMember or ErrNotMember.
	RemoveMember(ctx context.Context, group, member string) error
	// Members returns up to limit members of a group after a name; ErrNoGroup.
	Members(ctx context.Context, group, after string, limit int) ([]Member, error)
	// GroupsOf returns up to limit groups of a user or group after a name;
	// ErrNoMember if there is neither of that name.
	GroupsOf(ctx context.Context, member, after string, limit int) ([]Group, error)
}

// Query asks for a part of a list.
type Query struct {
	After string // only names after this one; "" = from the first
	Limit int    // at most so many
	// Attributes are LDAP names, of which one must have exactly Value, without
	// regard to case; none = every object.
	Attributes []string
	Value      string
}

// Change is one change of one attribute, as LDAP makes it (RFC 4511, 4.6).
type Change struct {
	Kind      ChangeKind
	Attribute string   // LDAP name as the schema spells it
	Values    []string // none with Remove = all of them
}

// ChangeKind says what a Change does.
type ChangeKind string

// The kinds of changes.
const (
	Add     ChangeKind = "ADD"     // ErrHasValue if a value, or of a single-valued attribute any value, is there
	Replace ChangeKind = "REPLACE" // whatever was there is gone
	Remove  ChangeKind = "REMOVE"  // ErrNoValue if there is none
)

// Group is a group of a directory.
type Group struct {
	SAMAccountName string
	SID            string
	DN             string
	Scope          GroupScope
	Kind           GroupKind
	Members        []string            // names of its direct members; filled for the directory server
	MemberOf       []string            // names of the groups it is in; filled for the directory server
	Attributes     map[string][]string // further LDAP attributes
}

// GroupScope says where members of a group may come from.
type GroupScope string

// The scopes of groups.
const (
	DomainLocal  GroupScope = "DomainLocal"
	Global       GroupScope = "Global"
	Universal    GroupScope = "Universal"
	BuiltinLocal GroupScope = "BuiltinLocal"
)

// GroupKind says what a group is for.
type GroupKind string

// The kinds of groups.
const (
	Distribution GroupKind = "Distribution"
	Security     GroupKind = "Security"
)

// Member is one who belongs to a group.
type Member struct {
	SAMAccountName string
	SID            string
	Kind           MemberKind
}

// MemberKind says what a member is.
type MemberKind string

// The kinds of members.
const (
	UserMember     MemberKind = "USER"
	GroupMember    MemberKind = "GROUP"
	ComputerMember MemberKind = "COMPUTER"
)

// The errors of a roster.
var (
	ErrNoGroup      = errors.New("no such group in the directory")
	ErrNoMember     = errors.New("no user or group of that name in the directory")
	ErrNameTaken    = errors.New("the name is in the directory already")
	ErrIsMember     = errors.New("the member is in the group already")
	ErrNotMember    = errors.New("the member is not in the group")
	ErrHasValue     = errors.New("the attribute has a value already")
	ErrNoValue      = errors.New("the attribute has no such value")
	ErrProtected    = errors.New("the directory does not allow it")
	ErrWeakPassword = errors.New("the password does not meet the directory's policy")
)
