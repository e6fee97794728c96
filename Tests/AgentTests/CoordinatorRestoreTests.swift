import Alerting
import Detection
import Events
import Foundation
import Statistics
import Testing
import Windowing

@testable import Agent

/// A checkpoint taken up again under another configuration, and a version that is served beside the champion.
struct CoordinatorRestoreTests {
    private static let hour: Int64 = 3_600_000_000
    private static let start: Int64 = 1_767_225_600_000_000

    /// A coordinator and the one partition that feeds it.
    private final class Rig {
        let coordinator: Coordinator
        let pipeline: PartitionPipeline
        private(set) var alerts: [AlertTransition] = []
        private var offset: Int64 = 0

        init(_ configuration: AgentConfiguration) throws {
            let catalog = ReferenceCatalog()
            let files = try ReferenceFile.load(of: configuration, into: catalog)
            coordinator = Coordinator(configuration: configuration, catalog: catalog, files: files) { _, _, _ in
                throw CommandStop(exitCode: 1)
            }
            pipeline = PartitionPipeline(
                partition: 0, models: configuration.models.map { $0.windowing(limits: configuration.limits) },
                catalog: catalog, limits: configuration.sources.eventLimits(configuration.limits),
                allowedLatenessMicroseconds: configuration.sources.allowedLateness, sharesOneTopic: true)
        }

        /// Ten predictions of each version and their outcomes in each hour.
        @discardableResult
        func feed(hours: Range<Int>, versions: [String] = ["1"], shift: Int = 0) -> [JudgedWindow] {
            for number in hours.lowerBound * 10..<hours.upperBound * 10 {
                let time = start + Int64(number) * hour / 10
                for version in versions {
                    let head = "\"id\":\"\(version)-\(number)\",\"model\":\"m\",\"time\":\"\(EventTime.format(time))\""
                    let label = number % 3 == 0 ? "yes" : "no"
                    process(
                        "{\"kind\":\"prediction\",\(head),\"version\":\"\(version)\",\"features\":{\"a\":\(number % 7 + shift)},"
                            + "\"score\":0.\(number % 9 + 1),\"label\":\"\(label)\"}", at: time)
                    process("{\"kind\":\"outcome\",\(head),\"label\":\"\(label)\"}", at: time)
                }
            }
            pipeline.refreshReferences()
            let actions = coordinator.accept(pipeline.closePanes())
            alerts += actions.compactMap { if case .alert(let transition) = $0 { transition } else { nil } }
            return actions.compactMap { if case .windowJudged(let window) = $0 { window } else { nil } }
        }

        private func process(_ text: String, at time: Int64) {
            Array(text.utf8).withUnsafeBytes {
                _ = pipeline.process($0, from: .predictions, offset: offset, recordMicroseconds: time)
            }
            offset += 1
        }
    }

    private static func configuration(
        positive: String = "yes", reference: String, slide: String = "1h"
    ) throws -> AgentConfiguration {
        try AgentConfiguration.parse(
            """
            models:
              - name: m
                task: binary
                positive: "\(positive)"
                reference: \(reference)
                window: {length: 4h, slide: \(slide)}
                drift: {minimum_sample: 20, false_alarms: 1 per 30d, rules: [{statistic: psi, raise: 0.2}]}
                performance: {minimum_sample: 10, rules: [{metric: accuracy, raise_below: 0.5}]}
            """)
    }

    private static func table(_ name: String, modulus: Int) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(UUID().uuidString).csv").path()
        let rows = (0..<400).map { "\($0 % modulus)" }
        try "a\n\(rows.joined(separator: "\n"))\n".write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Panes of before and after cannot be added: with another reference, or another positive label, the agent ended with
    /// a broken precondition at every start.
    @Test func whatNoLongerFitsIsForgotten() throws {
        let (old, new) = (try Self.table("old", modulus: 7), try Self.table("new", modulus: 6))
        defer { for path in [old, new] { RealData.remove(path) } }
        let first = try Rig(Self.configuration(reference: "{file: \(old)}"))
        #expect(!first.feed(hours: 0..<20).isEmpty)
        let saved = try first.coordinator.snapshot()
        let changed = [
            try Self.configuration(reference: "{file: \(new)}"),
            try Self.configuration(positive: "1", reference: "{file: \(old)}"),
            try Self.configuration(reference: "{file: \(old)}", slide: "2h"),
            try Self.configuration(reference: "{file: \(old)}"),
        ]
        for (number, configuration) in changed.enumerated() {
            let rig = try Rig(configuration)
            try rig.coordinator.restore(from: saved)
            let windows = rig.feed(hours: 18..<40)
            #expect(windows.contains { $0.kind == .drift && $0.count > 0 }, "configuration \(number)")
            #expect(windows.contains { $0.kind == .interval }, "configuration \(number)")
            #expect(windows.contains { $0.kind == .performance && $0.count > 0 }, "configuration \(number)")
        }
    }

    /// The first label is the positive one: a partition's numbers mean nothing under another.
    @Test func aPartitionWithOtherLabelsIsBegunAnew() throws {
        let reference = try Self.table("reference", modulus: 7)
        defer { RealData.remove(reference) }
        let rig = try Rig(Self.configuration(reference: "{file: \(reference)}"))
        rig.feed(hours: 0..<5)
        let saved = rig.pipeline.snapshot()
        try Rig(Self.configuration(reference: "{file: \(reference)}")).pipeline.restore(from: saved)
        let other = try Rig(Self.configuration(positive: "1", reference: "{file: \(reference)}")).pipeline
        let error = #expect(throws: (any Error).self) { try other.restore(from: saved) }
        #expect(error.map { "\($0)" }?.contains("its positive label") == true)
    }

    /// A file that the configuration names since goes before what was learned without it.
    @Test func aNewReferenceFileReplacesTheLearnedOne() throws {
        let file = try Self.table("file", modulus: 7)
        defer { RealData.remove(file) }
        let learning = try Rig(Self.configuration(reference: "{learn: 100}"))
        learning.feed(hours: 0..<30)
        #expect(learning.coordinator.learned.count == 1)
        let rig = try Rig(Self.configuration(reference: "{file: \(file)}"))
        try rig.coordinator.restore(from: learning.coordinator.snapshot())
        #expect(rig.coordinator.learned.isEmpty)
        let windows = rig.feed(hours: 30..<60)
        let references = Set(windows.filter { $0.kind == .drift }.flatMap(\.verdicts).map(\.reference))
        #expect(references.count == 1 && references != Set(learning.coordinator.learned.values.map(\.id)))
    }

    /// Served for good beside the champion, a version must not pile up its panes for good.
    @Test func panesOfAVersionThatNobodyJudgesAreForgotten() throws {
        let reference = try Self.table("reference", modulus: 7)
        defer { RealData.remove(reference) }
        let rig = try Rig(Self.configuration(reference: "{file: \(reference)}"))
        rig.feed(hours: 0..<2)
        _ = rig.coordinator.crown("1", of: "m", reference: nil, trainedOn: 0...0, predecessor: nil)
        for hours in stride(from: 2, to: 60, by: 2) { rig.feed(hours: hours..<hours + 2, versions: ["1", "2"]) }
        let other = try #require(rig.coordinator.models["m"]?.versions["2"])
        let now = rig.coordinator.nowMicroseconds / Self.hour
        #expect(try #require(other.drift.oldestPane) >= now - 8)
        #expect(try #require(other.performance.oldestPane) >= now - 8)
        #expect(rig.coordinator.models["m"]?.versions["1"]?.drift.oldestPane != nil)
    }

    /// Without a registry a version is replaced by falling silent. Its open alert hid its successor's for good.
    @Test func theAlertsOfASilentVersionAreOver() throws {
        let reference = try Self.table("reference", modulus: 7)
        defer { RealData.remove(reference) }
        let rig = try Rig(Self.configuration(reference: "{file: \(reference)}"))
        rig.feed(hours: 0..<6)
        #expect(rig.alerts.isEmpty)
        for hour in 6..<12 { rig.feed(hours: hour..<hour + 1, shift: 3) }
        let fired = rig.alerts.map(\.alert).filter { $0.detector == "drift/a/psi" }
        #expect(fired.map(\.version) == ["1"])
        for hour in 12..<30 { rig.feed(hours: hour..<hour + 1, versions: ["2"], shift: 3) }
        let told = rig.alerts.filter { $0.alert.detector == "drift/a/psi" }.dropFirst()
        #expect(told.map(\.alert.version) == ["1", "2"])
        guard case .resolve(_, .superseded)? = told.first, case .fire? = told.last else {
            Issue.record("\(told)")
            return
        }
    }

    /// A producer that makes up a version at each start must not fill the memory.
    @Test func versionsAreBounded() throws {
        let rig = try Rig(Self.configuration(reference: "{learn: 100}"))
        for number in 0..<30 {
            rig.feed(hours: number * 6..<number * 6 + 6, versions: ["\(number)", "steady"])
            #expect((rig.coordinator.models["m"]?.versions.count ?? 0) <= 10)
        }
        #expect(rig.coordinator.models["m"]?.versions["steady"]?.encoder != nil)
        #expect(rig.coordinator.models["m"]?.versions["29"] != nil)
    }
}
