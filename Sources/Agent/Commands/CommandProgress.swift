import Dispatch
import Foundation
import Learning
import Synchronization

/// Says on standard error what a command is busy with, once that has taken a second: on a terminal one line that counts
/// the seconds and goes away at the end, elsewhere one line a step. Nothing with `--quiet`.
final class CommandProgress: Sendable {
    private struct Step {
        var name: String
        var seconds = 0
    }

    private let isQuiet: Bool
    private let isTerminal: Bool
    private let write: @Sendable (String) -> Void
    private let current = Mutex<Step?>(nil)

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        isTerminal = isatty(STDERR_FILENO) == 1
        write = CommandOutput.standardErrorText
    }

    /// For tests, which call `tick` themselves.
    init(isTerminal: Bool, write: @escaping @Sendable (String) -> Void) {
        isQuiet = false
        self.isTerminal = isTerminal
        self.write = write
    }

    /// Runs `body`, under a name such as "reading train.csv".
    func during<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
        guard !isQuiet else { return try body() }
        let timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now() + 1, repeating: 1)
        timer.setEventHandler { [weak self] in self?.tick() }
        begin(name)
        timer.resume()
        defer {
            timer.cancel()
            end()
        }
        return try body()
    }

    /// The table at `path`.
    func reading(_ path: String) throws -> Table {
        try during("reading \(path)") { try Table.read(path: path) }
    }

    func begin(_ name: String) { current.withLock { $0 = Step(name: name) } }

    /// A second of the step has gone by.
    func tick() {
        current.withLock { step in
            guard step != nil else { return }
            step?.seconds += 1
            guard let step else { return }
            if isTerminal {
                write("\r\(step.name): \(step.seconds) s")
            } else if step.seconds == 1 {
                write("\(step.name) …\n")
            }
        }
    }

    func end() {
        current.withLock { step in
            // Clears the line (ECMA-48, erase in line).
            if isTerminal, let step, step.seconds > 0 { write("\r\u{1B}[K") }
            step = nil
        }
    }
}
