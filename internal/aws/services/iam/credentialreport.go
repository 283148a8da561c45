package iam

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strconv"
	"time"

	"tamachi/internal/store"
)

// credentialReport is the account's report as it was made.
type credentialReport struct {
	Made    time.Time
	Content []byte
}

const reportKey = "report"

var reports = store.Table[credentialReport]{
	Name:  "iam.reports",
	Reach: store.Account,
	Key:   func(*credentialReport) string { return reportKey },
}

// freshFor is how long a report is current: GenerateCredentialReport makes none
// in that time, GetCredentialReport shows none after it (IAM User Guide,
// "Generate credential reports for your AWS account").
const freshFor = 4 * time.Hour

func (r *credentialReport) fresh(now time.Time) bool { return now.Before(r.Made.Add(freshFor)) }

// reportColumns are AWS's, in AWS's order.
var reportColumns = []string{
	"user", "arn", "user_creation_time",
	"password_enabled", "password_last_used", "password_last_changed", "password_next_rotation", "mfa_active",
	"access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used_date", "access_key_1_last_used_region", "access_key_1_last_used_service",
	"access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date", "access_key_2_last_used_region", "access_key_2_last_used_service",
	"cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated",
}

// The words of the report for what there is not.
const (
	none         = "N/A"
	unknown      = "no_information"
	notSupported = "not_supported"
)

// writeReport makes the report of an account: its root user, then its users by
// name.
func (s *Service) writeReport(tx *store.Tx, sc store.Scope) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{reportColumns}
	r, err := roots.Get(tx, sc, rootKey)
	if err != nil {
		return nil, err
	}
	rows = append(rows, rowOfRoot(sc.Account, r))
	all, err := users.List(tx, sc, store.Page{})
	if err != nil {
		return nil, err
	}
	rules, err := findPolicy(tx, sc)
	if err != nil {
		return nil, err
	}
	for _, u := range all {
		row, err := s.rowOf(tx, sc, u, rules)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func rowOfRoot(account string, r *root) []string {
	row := []string{"<root_account>", rootARN(account), instant(r.Created), notSupported, unknown, notSupported, notSupported, "false"}
	for range maxKeys {
		row = append(row, keyColumns(nil, nil)...)
	}
	return append(row, certColumns()...)
}

func (s *Service) rowOf(tx *store.Tx, sc store.Scope, u *user, rules *passwordPolicy) ([]string, error) {
	p, err := passwords.Get(tx, sc, u.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	row := append([]string{u.Name, u.arn(sc.Account), instant(u.Created)}, passwordColumns(p, rules)...)
	enabled, err := devicesOf(tx, sc, u.ID)
	if err != nil {
		return nil, err
	}
	row = append(row, strconv.FormatBool(len(enabled) > 0))
	keys, err := keysOf(tx, u.ID)
	if err != nil {
		return nil, err
	}
	for i := range maxKeys {
		if i >= len(keys) {
			row = append(row, keyColumns(nil, nil)...)
			continue
		}
		last, err := s.lastUse(tx, keys[i].ID)
		if err != nil {
			return nil, err
		}
		row = append(row, keyColumns(keys[i], last)...)
	}
	return append(row, certColumns()...), nil
}

// passwordColumns are those of a user's password; nil for none. Nobody signs in
// with one on this plane yet.
func passwordColumns(p *password, rules *passwordPolicy) []string {
	if p == nil {
		return []string{"false", none, none, none}
	}
	next := none
	if ends := rules.expires(p.Changed); !ends.IsZero() {
		next = instant(ends)
	}
	return []string{"true", unknown, instant(p.Changed), next}
}

func keyColumns(k *accessKey, last *keyUse) []string {
	if k == nil {
		return []string{"false", none, none, none, none}
	}
	if last == nil {
		last = &keyUse{Region: none, Service: none}
	}
	at := none
	if !last.At.IsZero() {
		at = instant(last.At)
	}
	return []string{strconv.FormatBool(k.Active), instant(k.Created), at, last.Region, last.Service}
}

// certColumns are those of signing certificates, which this plane has not.
func certColumns() []string { return []string{"false", none, "false", none} }

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }
