import Alerting
import Foundation
import Synchronization
import Testing
import Windowing

@testable import Agent

/// Where the data and the repository are.
enum RealData {
    static let folder = ProcessInfo.processInfo.environment["TIDEWATCH_DATA"]
    static var isThere: Bool { folder.map { FileManager.default.fileExists(atPath: $0) } ?? false }

    static func path(_ name: String) -> String { (folder ?? "") + "/" + name }

    /// A file of the repository, found from this one.
    static func repository(_ path: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent(path).path
    }

    /// SQLite takes its own files away when it closes, perhaps at the same time: a file that has gone is looked past.
    static func remove(_ directory: String) {
        for _ in 0..<20 where FileManager.default.fileExists(atPath: directory) {
            do {
                try FileManager.default.removeItem(atPath: directory)
            } catch CocoaError.fileNoSuchFile {
                continue
            } catch {
                Issue.record("\(directory) could not be removed: \(error)")
                return
            }
        }
        #expect(!FileManager.default.fileExists(atPath: directory))
    }
}

extension Coordinator {
    /// All that is decided on an output, with nothing of it done.
    func accept(_ output: PartitionOutput) -> [CoordinatorAction] {
        var actions: [CoordinatorAction] = []
        accept(output) { actions += $0 }
        return actions
    }
}

/// What an agent has said.
final class EventLog: Sendable {
    private let events = Mutex<[AgentEvent]>([])

    private let condition = NSCondition()

    @Sendable func append(_ event: AgentEvent) {
        events.withLock { $0.append(event) }
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }

    /// Waits for the first event that `choose` takes.
    func first<Choice>(timeout seconds: Double, _ choose: (AgentEvent) -> Choice?) throws -> Choice {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let choice = all.lazy.compactMap(choose).first { return choice }
            try #require(condition.wait(until: deadline), "nothing of the kind happened within \(seconds) s")
        }
    }

    var all: [AgentEvent] { events.withLock { $0 } }
    var fired: [Alert] {
        all.compactMap { if case .alert(.fire(let alert), _) = $0 { alert } else { nil } }
    }
    var resolved: [Alert] {
        all.compactMap { if case .alert(.resolve(let alert, _), _) = $0 { alert } else { nil } }
    }
    var promotions: Int { all.count { if case .promoted = $0 { true } else { false } } }
    var problems: [String] { all.compactMap { if case .problem(let text) = $0 { text } else { nil } } }
}
