import Events
import Statistics
import Testing
import TidewatchTestKit

@testable import Windowing

@Suite struct SegmentTests {
    /// Runs a script in order and closes everything.
    private func run(_ script: StreamScript, _ settings: ModelSettings) -> Collected {
        let pipeline = StreamScript.pipeline(StreamScript.catalog(), settings: settings)
        for (role, records) in [(StreamRole.predictions, script.predictions), (.outcomes, script.outcomes)] {
            for (offset, record) in records.enumerated() {
                record.value.withUnsafeBytes {
                    _ = pipeline.process(
                        $0, from: role, offset: Int64(offset), recordMicroseconds: record.recordMicroseconds)
                }
            }
        }
        var collected = Collected()
        collected.take(pipeline.closeEverything())
        return collected.sorted
    }

    private func sums<Summary: MergeableSummary & Equatable>(
        _ parts: [SegmentPart<Summary>]
    ) -> [String: Summary] {
        var sums: [String: Summary] = [:]
        for part in parts {
            if sums[part.segment.column] == nil {
                sums[part.segment.column] = part.summary
            } else {
                sums[part.segment.column]?.merge(part.summary)
            }
        }
        return sums
    }

    /// The segments of a column add up to the pane, bit for bit: in performance, and in drift where that is counted.
    @Test(arguments: 1...5)
    func theSegmentsOfAColumnAreTheWhole(seed: Int) throws {
        let collected = run(StreamScript(seed: UInt64(200 + seed), count: 3_000), StreamScript.settings())
        for pane in collected.performance where pane.summary.count > 0 {
            let sums = sums(pane.segments)
            #expect(sums.keys.sorted() == StreamScript.segments.columns.sorted())
            for sum in sums.values { #expect(sum == pane.summary) }
        }
        var duplicates: Int64 = 0
        for pane in collected.drift {
            guard case .summary(let summary) = pane.content else {
                #expect(pane.segments.isEmpty)
                continue
            }
            duplicates += summary.duplicates
            let sums = sums(pane.segments)
            #expect(sums.count == 4)
            for sum in sums.values { #expect(sum == summary) }
        }
        #expect(duplicates > 10)
    }

    /// The names come from the reference: its most frequent categories and its deciles, however few came of them.
    @Test func namesAreThoseOfTheReference() {
        let collected = run(StreamScript(seed: 7, count: 3_000), StreamScript.settings())
        let names = Set(
            collected.performance.filter { $0.key.version == "1" }.flatMap(\.segments).map(\.segment.description))
        #expect(
            names == [
                "country=KR", "country=DE", "country=other", "amount=(-inf, 47)", "amount=[47, inf)", "new=false",
                "new=true", "colour=other",
            ])
        // Version 2 learns its reference: nothing is known of its segments yet.
        let learning = Set(
            collected.performance.filter { $0.key.version == "2" }.flatMap(\.segments).map(\.segment.value))
        #expect(learning == ["other"])
    }

    @Test func withoutSegmentsThereAreNone() {
        let collected = run(
            StreamScript(seed: 7, count: 500), StreamScript.settings(segments: SegmentSettings(columns: [])))
        #expect(collected.performance.allSatisfy { $0.segments.isEmpty })
        #expect(collected.drift.allSatisfy { $0.segments.isEmpty })
    }

    @Test(arguments: [("x", 3), ("few", 2), ("c", 5)])
    func aPlanIsBounded(column: String, maximum: Int) {
        let profile = ReferenceBuilder.build(columns: [
            (name: "x", values: .numeric((0..<1_000).map { Double($0) / 4 })),
            (name: "few", values: .numeric((0..<1_000).map { Double([1, 2, 2, 3, 3, 3][$0 % 6]) })),
            (name: "c", values: .categorical((0..<1_000).map { "c\($0 % 40)" })),
        ])
        let plan = SegmentPlan(SegmentSettings(columns: [column], maximumValues: maximum), profile: profile)
        #expect(plan.columns[0].labels.count == maximum)
        if column == "few" { #expect(plan.columns[0].labels == ["2", "3"]) }
        #expect(Set(plan.columns[0].indexOfCell).subtracting([SegmentIndices.other]).count == maximum)
    }

    /// Another list of segments after a restart: what was counted so far is `other`, and nothing is lost.
    @Test func aChangeOfSegmentsKeepsTheSums() throws {
        let script = StreamScript(seed: 31, count: 1_000)
        let catalog = StreamScript.catalog()
        let before = StreamScript.pipeline(catalog)
        for (offset, record) in script.predictions.enumerated() {
            record.value.withUnsafeBytes {
                _ = before.process(
                    $0, from: .predictions, offset: Int64(offset), recordMicroseconds: record.recordMicroseconds)
            }
        }
        let after = StreamScript.pipeline(
            catalog, settings: StreamScript.settings(segments: SegmentSettings(columns: ["new"], countsDrift: true)))
        try after.restore(from: before.snapshot())
        for (offset, record) in script.outcomes.enumerated() {
            record.value.withUnsafeBytes {
                _ = after.process(
                    $0, from: .outcomes, offset: Int64(offset), recordMicroseconds: record.recordMicroseconds)
            }
        }
        let output = after.closeEverything()
        for pane in output.performancePanes where pane.summary.count > 0 {
            #expect(pane.segments.map(\.segment.description) == ["new=other"])
            #expect(pane.segments.map(\.summary) == [pane.summary])
        }
        for pane in output.driftPanes {
            if case .summary(let summary) = pane.content { #expect(sums(pane.segments) == ["new": summary]) }
        }
    }

    /// Counts of data quality that a pane takes from events.
    @Test func panesCountAbsentAndUnknownFeatures() throws {
        let pipeline = StreamScript.pipeline(StreamScript.catalog())
        let start = StreamScript.start
        for number in 0..<10 {
            let features =
                number < 4 ? "\"amount\":1,\"zip\":\(number)" : "\"amount\":500,\"country\":null,\"new\":true"
            let text =
                "{\"kind\":\"prediction\",\"id\":\"\(number)\",\"time\":\(start + Int64(number)),\"model\":\"fraud\","
                + "\"version\":\"1\",\"features\":{\(features)},\"score\":0.5}"
            Array(text.utf8).withUnsafeBytes {
                #expect(
                    pipeline.process($0, from: .predictions, offset: Int64(number), recordMicroseconds: start) == nil)
            }
        }
        let pane = try #require(pipeline.closeEverything().driftPanes.first)
        guard case .summary(let summary) = pane.content else {
            Issue.record("no summary")
            return
        }
        let country = summary.columns[1]
        #expect(country.missing == 10 && country.absent == 4)
        #expect(summary.columns[0].outOfRange(beyond: .whole) == 6)
        #expect(summary.unknownFeatures.counts.map(\.name) == ["zip"])
        #expect(summary.unknownFeatures.events(with: "zip") == 4)
    }
}
