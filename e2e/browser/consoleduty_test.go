package browser_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/e2e/browser"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/console"
)

// dutyWords are what the pages of the duties say in a language.
type dutyWords struct {
	lang, day, evening, diagnosis, feed   string
	one, near, user, account, doubt, held string
	apply, done, all, noServer            string
}

var dutiesSaid = []dutyWords{
	{"ja", "朝と夕方", "夕方", "原因調査", "入社・異動・退職", "1 台", "近い名前は " + hanako, "利用者", "有効", "の綴りと違います", "1 人を保留", "実行", "件を受け付けました", "完了", "管理されて"},
	{"en", "Morning and evening", "Evening", "Diagnosis", "Joiners and leavers", "1 desktop", "closest is " + hanako, "user", "enabled", "is not how", "1 person held back", "Do it", "Accepted for", "done", "managed node"},
}

// TestTheDutiesInTheConsole goes through the pages of morning, diagnosis and
// feed, on a phone in Japanese and at a desk in English.
func TestTheDutiesInTheConsole(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.vanishes("10.3.0.0/16")
	a := o.Access()
	for i, w := range dutiesSaid {
		b := browser.Options{Locale: "ja-JP", Phone: true}
		if w.lang == "en" {
			b = browser.Options{Locale: "en-US", Height: 1500}
		}
		v := o.enter(b, a.AccessKeyID, a.SecretAccessKey)
		v.shown(`#content a[href$="desktops?state=ERROR"]`)
		v.day(w)
		v.diagnosis(w)
		v.feed(w, []string{"ono.yuuki,小野,勇気,オノ ユウキ", "fujii.mika,藤井,美香,フジイ ミカ"}[i])
		v.refused(w) // the browser complains of each refusal
	}
}

// at opens a page by its address, as a bookmark does, and sees that nothing of
// it is wider than the screen.
func (v visitor) at(path, head string) {
	v.o.t.Helper()
	v.hand(browser.Order{Do: "open", URL: v.o.HTTP() + console.Prefix + path})
	v.shown(`#content h1:has-text("` + head + `")`)
}

func (v visitor) fits() {
	v.o.t.Helper()
	v.hand(browser.Order{Do: "holds", Text: `document.documentElement.scrollWidth <= innerWidth`})
}

// day sees the morning's findings with their links, and the evening's.
func (v visitor) day(w dutyWords) {
	v.o.t.Helper()
	v.at("day", w.day)
	v.shown(`[data-report=found] a[href*="alarms?alarm=disk-full"]`)
	v.shown(`[data-report=found] a:has-text("` + hanako + `")`)
	v.shown(`[data-fix=fix] pre:has-text("tamachi morning --fix")`)
	v.fits()
	v.shot("day-" + w.lang)
	v.at("day?part=evening", w.day)
	v.shown(`#content h2:has-text("` + w.evening + `")`)
	v.shown(`[data-report=found] a[href*="alarms?alarm=disk-full"]`)
	v.shot("evening-" + w.lang)
}

// diagnosis asks for somebody who is misspelt, takes who was meant, and makes the
// plan of a repair.
func (v visitor) diagnosis(w dutyWords) {
	v.o.t.Helper()
	v.at("diagnosis?symptom=login", w.diagnosis)
	v.shown(`button[data-do=look][aria-disabled=true], button[data-do=look]:disabled`)
	v.fill("input[name=of]", strings.Replace(hanako, "hanako", "haneko", 1))
	v.hand(browser.Order{Do: "press", Key: "Escape"})
	v.shown(`pre:has-text("tamachi diagnose login takeda.haneko")`)
	v.click("button[data-do=look]")
	v.shown(`[data-report=found] li:has-text("` + w.near + `")`)
	v.fits()
	v.shot("diagnosis-near-" + w.lang)
	v.click(`button[data-near="` + hanako + `"]`)
	v.shown(`[data-report] li:has-text("` + w.account + `")`)
	v.shown(`[data-report] a[href$="desktops/` + v.o.desktop + `"]`)
	v.hand(browser.Order{Do: "holds", Text: `location.search === '?symptom=login&of=` + hanako + `'`})
	v.shot("diagnosis-login-" + w.lang)
	v.at("diagnosis?symptom=share&user="+hanako+"&path=files.corp.example.com", w.diagnosis)
	v.click("button[data-do=look]")
	v.shown(`[data-report]`)
	v.shot("diagnosis-share-" + w.lang)
	v.at("diagnosis?symptom=path&from=172.31.0.10&to=10.3.0.10", w.diagnosis)
	v.click("button[data-do=look]")
	v.shown(`[data-report=found] li:has-text("rtb-") [class*=badge]`) // where it stops
	v.shown(`[data-report=found] a:has-text("DeleteRoute")`)
	v.shown(`[data-report=found] pre:has-text("aws ec2 create-route --route-table-id rtb-")`)
	v.fits()
	v.shot("diagnosis-path-" + w.lang)
	v.click(`[data-fix=fix] button`)
	v.shown(`#content h1:has-text("diagnose path: p-")`)
	v.shown(`#content td:has-text("10.3.0.0/16")`)
	v.at("diagnosis?symptom=desktop&of="+hanako, w.diagnosis)
	v.click("button[data-do=look]")
	v.shown(`[data-fix=rebuild] pre:has-text("--fix rebuild")`)
	v.fill("input[name=reason]", "icons are gone")
	v.click(`[data-fix=restart] button`)
	v.shown(`#content h1:has-text("diagnose desktop: p-")`)
	v.shown(`#content :text("icons are gone")`)
	v.shot("diagnosis-plan-" + w.lang)
}

// feed compares one who is new and one who is misspelt, and makes the one.
func (v visitor) feed(w dutyWords, newcomer string) {
	v.o.t.Helper()
	account, _, _ := strings.Cut(newcomer, ",")
	v.at("feed", w.feed)
	v.hand(browser.Order{Do: "holds", Text: fileOf("people.csv", "\x8e\x81,\x96\xbc\n\x95\x90\x93\x63,\x89\xd4\x8e\x71\n")}) // Shift_JIS
	v.hand(browser.Order{Do: "holds", Text: `document.querySelector('textarea[name=feed]').value.includes('武田,花子')`})
	v.fill("textarea[name=feed]", "アカウント,姓,名,フリガナ\n"+newcomer+"\ntakeda.haneko,武田,花子,タケダ ハナコ\n")
	v.fill("input[name=bundle]", "wsb-d12value0")
	v.hand(browser.Order{Do: "press", Key: "Escape"})
	v.fits()
	v.shot("feed-" + w.lang)
	v.click("button[data-do=compare]")
	v.shown(`#content h1:has-text("joiner: p-")`)
	v.shown(`#content [class*=alert]:has-text("` + w.doubt + `")`)
	v.shown(`#content [class*=alert]:has-text("` + w.held + `")`)
	v.shown(`tr:has-text("` + account + `")`)
	v.fits()
	v.shot("feed-plan-" + w.lang)
	v.click("button[data-do=apply]")
	v.click(`[role=dialog] button:has-text("` + w.apply + `")`)
	v.shown(`[role=dialog] :text("` + w.done + `")`)
	v.hand(browser.Order{Do: "press", Key: "Escape"})
	v.shown(`tr:has(ul.lines):has-text("` + account + `") :text-is("` + w.all + `")`)
	v.shot("feed-applied-" + w.lang)
	v.quiet()
}

// refused is what nobody can make sense of.
func (v visitor) refused(w dutyWords) {
	v.o.t.Helper()
	v.at("diagnosis?symptom=path&from="+hanako+"&to=nowhere", w.diagnosis)
	v.click("button[data-do=look]")
	v.shown(`#content [class*=alert]:has-text("nowhere")`)
	v.shot("diagnosis-nowhere-" + w.lang)
	v.at("diagnosis?symptom=slow&of=takeda.haneko", w.diagnosis)
	v.click("button[data-do=look]")
	v.click(`button[data-near="` + hanako + `"]`)
	v.shown(`[data-report] a[href$="desktops/` + v.o.desktop + `"]`)
	v.shown(`[data-fix=resize] pre:has-text("--fix resize")`)
	v.shot("diagnosis-slow-" + w.lang)
	v.at("feed?duty=leaver", w.feed)
	v.fill("textarea[name=feed]", "shoe size\n42\n")
	v.click("button[data-do=compare]")
	v.shown(`#content [class*=alert]:has-text("shoe size")`)
	v.shot("feed-refused-" + w.lang)
}

// TestTheDutiesOfWhoMayLittle say what is not allowed, and of a plane without a
// desk that it has none.
func TestTheDutiesOfWhoMayLittle(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	key := o.reader()
	v := o.enter(browser.Options{Locale: "ja-JP"}, *key.AccessKeyId, *key.SecretAccessKey)
	v.shown(`a[aria-label="デスクトップ: 2"]`)
	v.at("diagnosis?symptom=outage", "原因調査")
	v.click("button[data-do=look]")
	v.shown(`#content :text("cloudwatch:GetMetricData")`)
	v.shot("duty-denied")
	v.at("feed", "入社・異動・退職")
	v.fill("textarea[name=feed]", "account\nono.yuuki\n")
	v.click("button[data-do=compare]")
	v.shown(`#content :text("tamachi:PlanDuty")`)
	v.shot("feed-denied")
	bare := &office{Plane: apitest.Start(t, apitest.Options{}), t: t}
	a := bare.Access()
	v = bare.enter(browser.Options{Locale: "en-US"}, a.AccessKeyID, a.SecretAccessKey)
	v.shown(`a[aria-label="Desktops: 0"]`)
	v.at("day", "Morning and evening")
	v.shown(`#content :text("This plane serves no desk")`)
	v.shot("day-deskless")
}

// vanishes makes a network next to the desktops', and deletes the route there.
func (o *office) vanishes(block string) {
	o.t.Helper()
	ctx, net := o.t.Context(), ec2.NewFromConfig(o.Config())
	vpcs, err := net.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	o.must(err)
	own := vpcs.Vpcs[0]
	far, err := net.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: &block})
	o.must(err)
	_, err = net.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: far.Vpc.VpcId, CidrBlock: &block})
	o.must(err)
	asked, err := net.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: own.VpcId, PeerVpcId: far.Vpc.VpcId})
	o.must(err)
	peering := asked.VpcPeeringConnection.VpcPeeringConnectionId
	_, err = net.AcceptVpcPeeringConnection(ctx, &ec2.AcceptVpcPeeringConnectionInput{VpcPeeringConnectionId: peering})
	o.must(err)
	tables, err := net.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{})
	o.must(err)
	for _, table := range tables.RouteTables {
		to := own.CidrBlock
		if *table.VpcId == *own.VpcId {
			to = &block
		}
		_, err = net.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: table.RouteTableId, DestinationCidrBlock: to, VpcPeeringConnectionId: peering})
		o.must(err)
		if to == &block {
			_, err = net.DeleteRoute(ctx, &ec2.DeleteRouteInput{RouteTableId: table.RouteTableId, DestinationCidrBlock: to})
			o.must(err)
		}
	}
}

// fileOf chooses a file, as by the browser's own window.
func fileOf(name, content string) string {
	var bytes []string
	for i := range len(content) {
		bytes = append(bytes, strconv.Itoa(int(content[i])))
	}
	return `(() => {
		const all = new DataTransfer(), input = document.querySelector('input[type=file]');
		all.items.add(new File([new Uint8Array([` + strings.Join(bytes, ",") + `])], '` + name + `'));
		input.files = all.files;
		input.dispatchEvent(new Event('change', { bubbles: true }));
		return true;
	})()`
}
