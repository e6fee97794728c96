import Detection
import Events
import Foundation
import Testing
import TidewatchTestKit

@testable import Agent

/// What was learned from a reference's rows, after a restart under other settings.
struct RestoredReferenceTests {
    private static func configuration(
        _ reference: String, calibration: String = "empirical", minimumSample: Int = 20
    ) throws -> AgentConfiguration {
        try AgentConfiguration.parse(
            """
            models:
              - name: m
                task: binary
                positive: "yes"
                reference: {\(reference)}
                window: {length: 1h, slide: 1h}
                drift: {calibration: \(calibration), minimum_sample: \(minimumSample), columns: [a]}
            """)
    }

    /// 150 hours of 20 rows each.
    private static func table(_ values: [Double]) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "times-\(UUID().uuidString).csv").path()
        let rows = values.enumerated().map { number, value in
            let time = CoordinatorRig.start - 10_000 * CoordinatorRig.hour + Int64(number) * CoordinatorRig.hour / 20
            return "\(value),\(EventTime.format(time))"
        }
        try "a,at\n\(rows.joined(separator: "\n"))\n".write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private static func reasons(_ rig: CoordinatorRig, _ hours: Range<Int>, _ stream: inout DriftStream) -> Set<
        VerdictReason
    > {
        let values = stream.normals(hours.count * 20)
        rig.feed(hours: hours, perHour: 20) { values[$0 - hours.lowerBound * 20] }
        return Set(rig.handOver().windows.filter { $0.kind == .interval }.flatMap(\.verdicts).map(\.reason))
    }

    private static func knowsDependence(_ rig: CoordinatorRig) throws -> Bool {
        let monitor = try #require(rig.coordinator.models["m"]?.versions["1"]?.monitor)
        return String(decoding: try JSONEncoder().encode(monitor), as: UTF8.self).contains("\"dispersions\"")
    }

    /// The table's times were looked at once, with the first pane ever: a `reference.time` given later changed nothing.
    @Test func timesThatAreGivenLaterCount() throws {
        var stream = DriftStream(seed: 31)
        let path = try Self.table(stream.normals(3_000))
        defer { RealData.remove(path) }
        let without = try CoordinatorRig(Self.configuration("file: \(path), exclude: [at]", calibration: "analytic"))
        #expect(!Self.reasons(without, 0..<5, &stream).isEmpty)
        #expect(try !Self.knowsDependence(without))

        let with = try CoordinatorRig(Self.configuration("file: \(path), time: at", calibration: "analytic"))
        let told = try with.coordinator.restore(from: without.coordinator.snapshot())
        #expect(told.count == 1 && told.first?.contains("m v1: reference.time") == true, "\(told)")
        #expect(try Self.knowsDependence(with))
        #expect(!Self.reasons(with, 5..<10, &stream).isEmpty)

        // Once learned it stays, and is not said again.
        let again = try CoordinatorRig(Self.configuration("file: \(path), time: at", calibration: "analytic"))
        #expect(try again.coordinator.restore(from: with.coordinator.snapshot()).isEmpty)
        #expect(try Self.knowsDependence(again))
    }

    /// Ranks are of intervals of one length. With another minimum sample they were gone, and nobody said so.
    @Test func ranksThatAreLostAreSaidToBe() throws {
        var stream = DriftStream(seed: 33)
        let rig = try CoordinatorRig(Self.configuration("learn: 3000"))
        #expect(!Self.reasons(rig, 0..<170, &stream).contains(.uncalibrated))
        let saved = try rig.coordinator.snapshot()
        #expect(try CoordinatorRig(Self.configuration("learn: 3000")).coordinator.restore(from: saved).isEmpty)

        let other = try CoordinatorRig(Self.configuration("learn: 3000", minimumSample: 40))
        let told = try other.coordinator.restore(from: saved)
        #expect(told.count == 1 && told.first?.contains("m v1: window or drift settings have changed") == true)
        #expect(Self.reasons(other, 160..<180, &stream) == [.uncalibrated])
    }

    /// A table is read at each start: nothing is lost.
    @Test func ranksOfATableAreLearnedAgain() throws {
        var stream = DriftStream(seed: 34)
        let path = try Self.table(stream.normals(6_000))
        defer { RealData.remove(path) }
        let rig = try CoordinatorRig(Self.configuration("file: \(path), time: at"))
        #expect(!Self.reasons(rig, 0..<10, &stream).contains(.uncalibrated))
        let other = try CoordinatorRig(Self.configuration("file: \(path), time: at", minimumSample: 40))
        #expect(try other.coordinator.restore(from: rig.coordinator.snapshot()).isEmpty)
        let judged = rig.coordinator.models["m"]?.versions["1"]?.monitor.paneJudgedUntilMicroseconds
        #expect(judged != nil)
        #expect(other.coordinator.models["m"]?.versions["1"]?.monitor.paneJudgedUntilMicroseconds == judged)
        let after = Self.reasons(other, 10..<40, &stream)
        #expect(!after.isEmpty && !after.contains(.uncalibrated))
    }
}
