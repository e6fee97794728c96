import Synchronization
import Testing

@testable import Agent

@Suite struct CommandProgressTests {
    private final class Written: Sendable {
        private let text = Mutex("")
        func append(_ more: String) { text.withLock { $0 += more } }
        var all: String { text.withLock(\.self) }
    }

    @Test func onATerminalALineCountsTheSecondsAndGoesAway() {
        let written = Written()
        let progress = CommandProgress(isTerminal: true, write: written.append)
        progress.begin("reading a.csv")
        #expect(written.all == "", "nothing in the first second")
        progress.tick()
        progress.tick()
        progress.end()
        #expect(written.all == "\rreading a.csv: 1 s\rreading a.csv: 2 s\r\u{1B}[K")
        progress.tick()
        #expect(written.all.hasSuffix("\u{1B}[K"), "a timer that fires late says nothing")
    }

    @Test func elsewhereALongStepIsOneLine() {
        let written = Written()
        let progress = CommandProgress(isTerminal: false, write: written.append)
        progress.begin("reading a.csv")
        progress.end()
        progress.begin("comparing")
        for _ in 0..<5 { progress.tick() }
        progress.end()
        #expect(written.all == "comparing …\n")
    }

    @Test func aQuickStepSaysNothingAndHandsItsResultOn() {
        let written = Written()
        let progress = CommandProgress(isTerminal: true, write: written.append)
        #expect(progress.during("comparing") { 7 } == 7)
        #expect(written.all == "")
    }
}
