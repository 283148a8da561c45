package image

// Heard is the named pipe of what the microphone hears: samples of 16 bits,
// 48,000 a second. PulseAudio makes it, and removes it when it ends.
const Heard = Signals + "/display/heard"

// sound is how PulseAudio begins, which programs that play or listen start by
// themselves and which ends by itself after them: a device of nobody, and a
// socket beside the display's that sends what is played to it. A microphone is a
// pipe that process 1 writes to: of PulseAudio's ways in, its delay is of a few
// milliseconds, where a socket's was half a second. "norewinds" keeps what is on
// its way to 50 ms (PulseAudio, "Modules", module-null-sink).
const sound = `.fail
load-module module-null-sink sink_name=browser rate=48000 channels=2 format=s16le norewinds=1 sink_properties=device.description=Browser
load-module module-native-protocol-unix
load-module module-simple-protocol-unix record=true playback=false source=browser.monitor rate=48000 channels=2 format=s16le socket=` + Signals + `/display/sound
set-default-sink browser
load-module module-pipe-source source_name=microphone file=` + Heard + ` rate=48000 channels=1 format=s16le source_properties=device.description=Microphone
set-default-source microphone
`
