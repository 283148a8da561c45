package cases

import (
	"strings"

	"tamachi/internal/policy"
)

// who makes a caller.
func (s Source) who() policy.Who {
	account := one(s, []string{accounts[0], accounts[0], accounts[1]})
	w := policy.Who{Kind: one(s, []policy.Kind{
		policy.User, policy.User, policy.RoleSession, policy.RoleSession, policy.FederatedUser, policy.Root,
		policy.Anonymous, policy.External, policy.Service,
	}), Manages: s.odds(8)}
	iam, sts := "arn:aws:iam::"+account+":", "arn:aws:sts::"+account+":"
	switch w.Kind {
	case policy.User:
		w.Account, w.ARN, w.ID = account, iam+"user/ann", "AIDAANNANNANNANNANNAN"
	case policy.Root:
		w.Account, w.ARN, w.ID = account, iam+"root", account
	case policy.RoleSession:
		w.Account, w.ARN, w.ID, w.Behind = account, sts+"assumed-role/ops/ann", "AROAOPSOPSOPSOPSOPSOP:ann", iam+"role/ops"
		if s.odds(6) {
			w.ARN, w.Behind = sts+"assumed-role/R/x", iam+"role/aws-service-role/x.amazonaws.com/R"
		}
	case policy.FederatedUser:
		w.Account, w.ARN, w.ID, w.Behind = account, sts+"federated-user/ann", account+":ann", iam+"user/ann"
		if s.odds(4) {
			w.Behind = iam + "root"
		}
	case policy.External:
		w.Federated = one(s, []string{"accounts.google.com", "arn:aws:iam::111122223333:saml-provider/adfs"})
	case policy.Service:
		w.Service = one(s, []string{"cloudtrail.amazonaws.com", "ssm.amazonaws.com"})
	case policy.Anonymous:
	}
	if w.Account == "" {
		w.Manages = false
	}
	return w
}

// principal makes a Principal or NotPrincipal that often names the caller.
func (s Source) principal(w *policy.Who) string {
	element := s.not(10, "Principal")
	if s.odds(4) {
		return element + `"*"`
	}
	aws := []string{"*", accounts[0], accounts[1], "arn:aws:iam::" + accounts[0] + ":root", "arn:aws:iam::" + accounts[0] + ":user/ann", "AROAOPSOPSOPSOPSOPSOP"}
	for _, name := range []string{w.ARN, w.Behind, w.Account} {
		if name != "" {
			aws = append(aws, name, name)
		}
	}
	var kinds []string
	if !s.odds(5) {
		kinds = append(kinds, `"AWS":`+list(s.some(3, aws)))
	}
	if w.Service != "" || s.odds(6) {
		kinds = append(kinds, `"Service":`+list(s.some(2, []string{"cloudtrail.amazonaws.com", "ssm.amazonaws.com", "s3.amazonaws.com"})))
	}
	if w.Federated != "" || s.odds(8) {
		kinds = append(kinds, `"Federated":`+list(s.some(2, []string{"accounts.google.com", "arn:aws:iam::111122223333:saml-provider/adfs"})))
	}
	if len(kinds) == 0 {
		return element + `"*"`
	}
	return element + `{` + strings.Join(kinds, ",") + `}`
}
