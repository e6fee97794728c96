import Testing
import TidewatchTestKit

@testable import Statistics

/// What a pane counts for data quality.
@Suite struct QualityCountTests {
    private static func encoder(_ values: [Double]) -> ReferenceEncoder {
        ReferenceEncoder(ReferenceBuilder.build(columns: [("x", .numeric(values))]))
    }

    private func outside(_ values: [Double], on encoder: ReferenceEncoder) -> [Int64] {
        let pane = PaneAccumulator(encoder: encoder)
        for value in values { pane.add(numeric: value, column: 0) }
        let column = pane.summary().columns[0]
        return RangeMargin.allCases.map { column.outOfRange(beyond: $0) }
    }

    @Test func valuesBeyondEachMargin() {
        let grid = Self.encoder((0...100).map(Double.init))
        #expect(outside([0, 50, 100, -0.0, .nan, .infinity], on: grid) == [0, 0, 0, 0, 0])
        #expect(outside([-0.1, 100.1], on: grid) == [2, 0, 0, 0, 0])
        #expect(outside([-10.5, 111], on: grid) == [2, 2, 0, 0, 0])
        #expect(outside([-51, 151, 250], on: grid) == [3, 3, 3, 1, 0])
        #expect(outside([1e308, -1e308, -1_001], on: grid) == [3, 3, 3, 3, 3])
        let constant = Self.encoder([5, 5, 5])
        #expect(outside([5, 5.4, 5.6, 11, 60], on: constant) == [4, 3, 2, 2, 1])
        let everything = Self.encoder([-1e308, 0, 1e308])
        #expect(outside([1.5e308, -1.5e308], on: everything) == [2, 0, 0, 0, 0])
        #expect(outside([1, 2], on: Self.encoder([.nan, .nan])) == [0, 0, 0, 0, 0])
    }

    private static func unknown(_ names: some Sequence<String>) -> UnknownFeatures {
        var features = UnknownFeatures()
        var hint = 0
        for name in names { Array(name.utf8).withUnsafeBytes { features.count($0, hint: &hint) } }
        return features
    }

    /// 100 names, of which 64 are kept: the same ones in any order and from any parts, with exact counts.
    @Test(arguments: 1...20)
    func unknownNamesAreChosenByHash(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let names = (0..<2_000).map { _ in "feature \(Int.random(in: 0..<100, using: &generator))" }
        let whole = Self.unknown(names)
        #expect(whole.counts.count == UnknownFeatures.maximumNames && whole.hasMore)
        #expect(Self.unknown(names.shuffled(using: &generator)) == whole)
        var merged = UnknownFeatures()
        for start in stride(from: 0, to: names.count, by: 300) {
            var part = Self.unknown(names[start..<min(start + 300, names.count)])
            part.merge(merged)
            merged = part
        }
        #expect(merged == whole)
        for (name, events) in whole.counts { #expect(events == Int64(names.count { $0 == name })) }
        let left = try #require(Set(names).subtracting(whole.counts.map(\.name)).first)
        #expect(whole.events(with: left) == nil)
        #expect(Self.unknown(["a", "b", "a"]).events(with: "a") == 2)
        #expect(Self.unknown(["a", "b", "a"]).events(with: "c") == 0)
    }

    @Test func longNamesAreCut() {
        let features = Self.unknown([String(repeating: "n", count: 10_000), String(repeating: "n", count: 300)])
        #expect(features.counts.map(\.name.utf8.count) == [256])
        #expect(features.counts.first?.events == 2)
    }

    @Test func countsComeBackFromBytesAndFromABefore() throws {
        let encoder = Self.encoder((0...100).map(Double.init))
        let pane = PaneAccumulator(encoder: encoder)
        for value in [3.0, -5, 400] {
            pane.events += 1
            pane.add(numeric: value, column: 0)
        }
        pane.addAbsent(column: 0)
        pane.addMissing(column: 0)
        pane.duplicates = 4
        pane.unknownFeatures = Self.unknown(["zip", "zip", "city"])
        let summary = pane.summary()
        #expect(summary.columns[0].absent == 1 && summary.columns[0].missing == 2)
        #expect(try PaneSummary(serialized: summary.serialized()) == summary)
        let resumed = PaneAccumulator(encoder: encoder)
        resumed.add(summary)
        #expect(resumed.summary() == summary)
        resumed.add(summary)
        #expect(resumed.summary().duplicates == 8)
        #expect(resumed.summary().columns[0].outOfRange(beyond: .none) == 4)
        #expect(resumed.summary().unknownFeatures.events(with: "zip") == 4)
        resumed.reset()
        #expect(resumed.summary() == PaneSummary(empty: encoder))
    }

    /// Bytes of the first format, as version 0.1 wrote them.
    @Test func theFirstFormatIsStillRead() throws {
        var writer = ByteWriter(version: 1)
        writer.write("reference")
        writer.write(count: 7)
        writer.write(unsigned: 1)
        writer.write(counts: [3, 2])
        for count: Int64 in [1, 1, 0, 0] { writer.write(count: count) }
        writer.write(signed: -5)
        writer.write(signed: 9)
        writer.write(1.5 as Double?)
        writer.write(nil as Double?)
        let summary = try PaneSummary(serialized: writer.sealed())
        #expect(summary.events == 7 && summary.columns[0].counts == [3, 2] && summary.columns[0].minimum == 1.5)
        #expect(summary.columns[0].absent == 0 && summary.duplicates == 0 && summary.unknownFeatures.isEmpty)
    }

    @Test func expectedUnseenShareFollowsTheReference() throws {
        let few = ReferenceBuilder.build(columns: [("c", .categorical((0..<5_000).map { "\($0 % 10)" }))])
        let many = ReferenceBuilder.build(columns: [("c", .categorical((0..<5_000).map { "id \($0)" }))])
        #expect(few.columns[0].expectedUnseenShare(error: 0.001) < 0.002)
        #expect(many.columns[0].expectedUnseenShare(error: 0.001) == 1)
    }
}
