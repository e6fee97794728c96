import Alerting
import Detection
import Foundation
import Storage

/// The secret of the Standard Webhooks test vector.
let vectorSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

/// 2026-01-01T00:00:00Z.
let newYear: Int64 = 1_767_225_600_000_000
let second: Int64 = 1_000_000

func verdict(
    _ status: VerdictStatus, window: Int64 = 0, version: String = "3",
    subject: VerdictSubject = .drift(column: "vicprice", statistic: "psi"), value: Double? = 2.31,
    raise: Double = 0.25, clear: Double = 0.2, severity: Severity = .warning
) -> Verdict {
    Verdict(
        model: "electricity", version: version, reference: "r", subject: subject, status: status,
        reason: status == .drift ? .evidenceAndEffect : .cleared, severity: severity, value: value,
        raiseLevel: raise, clearLevel: clear, windowStart: newYear + window * 86_400 * second,
        windowEnd: newYear + (window + 1) * 86_400 * second, count: 672)
}

/// The transitions of one drift in `vicprice` that comes and goes.
func episode(window: Int64 = 0) -> [AlertTransition] {
    var book = AlertBook()
    return book.observe([verdict(.drift, window: window)]) + book.observe([verdict(.ok, window: window + 1)])
}

/// A folder that goes with the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("tidewatch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            // The operating system clears its temporary folder; a test must not fail for this.
        }
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

func memoryOutbox(limits: OutboxLimits = OutboxLimits()) throws -> Outbox {
    Outbox(database: try StateDatabase.inMemory(migrations: Outbox.migrations), limits: limits)
}
