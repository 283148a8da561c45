package iam

import (
	"testing"
	"time"

	"tamachi/internal/store/storetest"
)

func TestStoredFormsOfUsers(t *testing.T) {
	tags := map[string]string{"k": "v"}
	storetest.Golden(t, &users, &user{
		ID: "AIDAEXAMPLE", Name: "Yamada.Taro", Path: "/sales/", Created: noon, Boundary: "arn:aws:iam::111122223333:policy/most", Tags: tags,
	})
	storetest.Golden(t, &groups, &group{ID: "AGPAEXAMPLE", Name: "Sales", Path: "/all/", Created: noon})
	storetest.Golden(t, &memberships, &membership{User: "AIDAEXAMPLE", Group: "AGPAEXAMPLE"})
	storetest.Golden(t, &roots, &root{Created: noon, Administrator: "AIDAEXAMPLE"})
	storetest.Golden(t, &accessKeys, &accessKey{
		ID: "AKIAEXAMPLE", Secret: "secret", Account: "111122223333", User: "AIDAEXAMPLE", Created: noon, Active: true,
	})
	storetest.Golden(t, &keyUses, &keyUse{ID: "AKIAEXAMPLE", At: noon, Region: "ap-northeast-1", Service: "ssm"})
	storetest.Golden(t, &aliases, &alias{Name: "tamachi", Account: "111122223333"})
}

func TestStoredFormsOfCredentials(t *testing.T) {
	storetest.Golden(t, &passwords, &password{
		User: "AIDAEXAMPLE", Hash: "$argon2id$...", Former: []string{"$argon2id$..."}, Created: noon, Changed: noon.Add(time.Hour), Reset: true,
	})
	storetest.Golden(t, &passwordPolicies, &passwordPolicy{
		Minimum: 14, Symbols: true, Numbers: true, Upper: true, Lower: true, MayChange: true, MaxAge: 90, Reuse: 24, HardExpiry: true,
	})
	storetest.Golden(t, &devices, &device{
		Name: "phone", Path: "/", Seed: []byte("seed"), Created: noon, Tags: map[string]string{"k": "v"},
		User: "AIDAEXAMPLE", Enabled: noon, Step: 59, Drift: -1,
	})
	storetest.Golden(t, &reports, &credentialReport{Made: noon, Content: []byte("user,arn\n")})
}
