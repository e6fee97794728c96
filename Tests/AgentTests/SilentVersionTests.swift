import Detection
import Foundation
import Testing
import Windowing

@testable import Agent

/// Without a registry all versions are judged, and share the false-alarm budget while they are heard of.
struct SilentVersionTests {
    private static func bounds(_ windows: [JudgedWindow], of version: String) -> [Double] {
        windows.filter { $0.kind == .interval && $0.key.version == version }
            .compactMap { $0.verdicts.first?.evidence?.logBound }
    }

    /// A version that was replaced kept its share for good: its successor alarmed as late as if it were still there.
    @Test func theShareOfASilentVersionIsReleased() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "silent-\(UUID().uuidString).csv").path()
        let rows = (0..<700).map { "\($0 % 7)" }
        try "a\n\(rows.joined(separator: "\n"))\n".write(toFile: path, atomically: true, encoding: .utf8)
        defer { RealData.remove(path) }
        let rig = try CoordinatorRig(
            AgentConfiguration.parse(
                """
                models:
                  - name: m
                    task: binary
                    positive: "yes"
                    reference: {file: \(path)}
                    window: {length: 4h, slide: 1h}
                    drift: {minimum_sample: 20, false_alarms: 1 per 30d, columns: [a]}
                """))
        func feed(_ hours: Range<Int>, _ versions: [String]) -> [JudgedWindow] {
            for hour in hours {
                for version in versions {
                    rig.feed(hours: hour..<hour + 1, perHour: 20, version: version) { Double($0 % 7) }
                }
            }
            return rig.handOver().windows
        }
        // Versions 1 and 2 share the budget; 720 hourly panes are 30 days.
        let shared = Self.bounds(feed(0..<6, ["1", "2"]), of: "2")
        #expect(!shared.isEmpty && shared.allSatisfy { abs($0 - log(2 * 720)) < 1e-9 })
        // Version 1 falls silent. Within a window its share is kept for it, then it is version 2's.
        let alone = Self.bounds(feed(6..<16, ["2"]), of: "2")
        #expect(alone.count == 10)
        #expect(alone.prefix(4).allSatisfy { abs($0 - log(2 * 720)) < 1e-9 }, "\(alone)")
        #expect(alone.suffix(5).allSatisfy { abs($0 - log(720)) < 1e-9 }, "\(alone)")
        // When it is heard of again, it has its share again.
        let again = Self.bounds(feed(16..<20, ["1", "2"]), of: "2")
        #expect(again.suffix(2).allSatisfy { abs($0 - log(2 * 720)) < 1e-9 }, "\(again)")
    }
}
