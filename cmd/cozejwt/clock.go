package main

import "time"

// clock is the time that the commands are given; a campaign sets another one.
var clock = time.Now
