package hr

import "strings"

// halves are the kana of half width, from U+FF61 on, at full width.
var halves = []rune("。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜")

// usual writes letters, digits and signs at half width and kana at full width, as
// most do: the systems of personnel departments write either. It is not for names,
// which stay as people write theirs.
// Source: The Unicode Standard, "Halfwidth and Fullwidth Forms".
func usual(s string) string {
	var out []rune
	for _, r := range s {
		last := len(out) - 1
		switch {
		case '！' <= r && r <= '～':
			r -= '！' - '!'
		case r == '　':
			r = ' '
		case r == 'ﾞ' && last >= 0 && out[last] == 'ウ':
			out[last] = 'ヴ'
			continue
		case r == 'ﾞ' && last >= 0 && strings.ContainsRune("カキクケコサシスセソタチツテトハヒフヘホ", out[last]):
			out[last]++
			continue
		case r == 'ﾟ' && last >= 0 && strings.ContainsRune("ハヒフヘホ", out[last]):
			out[last] += 2
			continue
		case '｡' <= r && r <= 'ﾟ':
			r = halves[r-'｡']
		}
		out = append(out, r)
	}
	return string(out)
}
