package directoryservicedata

// The SDK for Go has no module of this service, so the structs of the wire are
// declared here. Their fields are the model's members, the first letter in
// upper case.

// AttributeValue is the value of a further attribute: exactly one is set.
type AttributeValue struct {
	BOOL *bool
	N    *int64
	S    *string
	SS   []string
}

// CreateUserInput describes a new user.
type CreateUserInput struct {
	ClientToken     *string
	DirectoryId     *string
	EmailAddress    *string
	GivenName       *string
	OtherAttributes map[string]AttributeValue
	SAMAccountName  *string
	Surname         *string
}

// CreateUserOutput names the user that was created.
type CreateUserOutput struct {
	DirectoryId    *string
	SAMAccountName *string
	SID            *string
}

// DeleteUserInput names the user to delete.
type DeleteUserInput struct {
	ClientToken    *string
	DirectoryId    *string
	SAMAccountName *string
}

// DeleteUserOutput is empty.
type DeleteUserOutput struct{}

// DescribeUserInput names one user, and the further attributes to show.
type DescribeUserInput struct {
	DirectoryId     *string
	OtherAttributes []string
	Realm           *string
	SAMAccountName  *string
}

// DescribeUserOutput is one user.
type DescribeUserOutput struct {
	DirectoryId       *string
	DistinguishedName *string
	EmailAddress      *string
	Enabled           *bool
	GivenName         *string
	OtherAttributes   map[string]AttributeValue
	Realm             *string
	SAMAccountName    *string
	SID               *string
	Surname           *string
	UserPrincipalName *string
}

// DisableUserInput names the user to disable.
type DisableUserInput struct {
	ClientToken    *string
	DirectoryId    *string
	SAMAccountName *string
}

// DisableUserOutput is empty.
type DisableUserOutput struct{}

// ListUsersInput asks for one page of users.
type ListUsersInput struct {
	DirectoryId *string
	MaxResults  *int32
	NextToken   *string
	Realm       *string
}

// ListUsersOutput is one page of users.
type ListUsersOutput struct {
	DirectoryId *string
	NextToken   *string
	Realm       *string
	Users       []UserSummary
}

// UserSummary is a user in a list.
type UserSummary struct {
	Enabled        *bool
	GivenName      *string
	SAMAccountName *string
	SID            *string
	Surname        *string
}
