import Foundation
import Statistics
import Testing
import TidewatchTestKit

@Suite struct ReferenceBuilderTests {
    @Test func rowOrderDoesNotMatter() {
        var stream = DriftStream(seed: 31)
        var generator = SeededGenerator(seed: 32)
        let numbers = stream.logNormals(12_345).enumerated().map { $0.offset % 50 == 0 ? .nan : $0.element }
        let texts = stream.categories(12_345, weights: [5, 3, 3, 1])
        func profile(_ order: [Int]) -> ReferenceProfile {
            ReferenceBuilder.build(
                columns: [
                    ("n", .numeric(order.map { numbers[$0] })), ("c", .categorical(order.map { texts[$0] })),
                    ("b", .boolean(order.map { $0 % 3 == 0 })),
                ], predictions: ("p", .numeric(order.map { numbers[$0] / 2 })))
        }
        let first = profile(Array(numbers.indices))
        #expect(profile(Array(numbers.indices).shuffled(using: &generator)) == first)
        #expect(first.columns[0].sample.count == 10_000)
        #expect(first.columns[0].sample.first == first.columns[0].minimum)
        #expect(first.columns[0].sample.last == first.columns[0].maximum)
        #expect(first.allColumns.map(\.name) == ["n", "c", "b", "p"])
        #expect(first.id.count == 32)
        #expect(profile(Array(numbers.indices.dropLast())).id != first.id)
    }

    @Test func rowByRowIsTheSameAsByColumn() {
        var builder = ReferenceBuilder(columns: [("n", .numeric), ("c", .categorical), ("b", .boolean)])
        for row in 0..<100 {
            builder.add(numeric: Double(row), column: 0)
            if row % 2 == 0 { builder.add(category: "x\(row % 6)", column: 1) } else { builder.addMissing(column: 1) }
            if row < 90 { builder.add(boolean: row < 30, column: 2) }
        }
        let expected = ReferenceBuilder.build(columns: [
            ("n", .numeric((0..<100).map(Double.init))),
            ("c", .categorical((0..<100).map { $0 % 2 == 0 ? "x\($0 % 6)" : nil })),
            ("b", .boolean((0..<100).map { $0 < 90 ? $0 < 30 : nil })),
        ])
        #expect(builder.finish() == expected)
        #expect(expected.columns[2].missing == 10)
        #expect(expected.columns[2].counts == [60, 30, 0, 0])
    }

    @Test func fewValuesAreDiscrete() {
        let values = (0..<100).map { Double($0 % 20) }
        let column = ReferenceBuilder.build(columns: [("x", .numeric(values))]).columns[0]
        #expect(column.binning == .discrete(values: (0..<20).map(Double.init)))
        #expect(column.counts == Array(repeating: 5, count: 20) + [0])
        let grid = ReferenceBuilder.build(columns: [("x", .numeric(values + [20]))]).columns[0]
        if case .discrete = grid.binning { Issue.record("21 values are no longer discrete") }
    }

    @Test func momentsAndCells() throws {
        let values = (1...1_000).map(Double.init)
        let column = ReferenceBuilder.build(columns: [("x", .numeric(values + [.nan, .infinity]))]).columns[0]
        #expect(column.mean == 500.5)
        #expect(agree(column.standardDeviation, (999_999.0 / 12).squareRoot(), within: 1e-12))
        #expect(column.present == 1_000 && column.missing == 1 && column.invalid == 1 && column.total == 1_002)
        #expect(column.cellCount == 500)
        #expect(column.counts.reduce(0, +) == 1_000)
        #expect(column.counts.allSatisfy { $0 == 2 || $0 == 3 || $0 == 1 })
    }

    @Test func categoriesAreKeptByFrequencyAndTheRestIsOther() {
        let values = (0..<1_500).flatMap { index in Array(repeating: "v\(index)", count: index < 10 ? 5 : 1) }
        let profile = ReferenceBuilder.build(columns: [("c", .categorical(values + [nil]))])
        let column = profile.columns[0]
        #expect(column.cellCount == 1_002)
        #expect(column.counts[0] == 5 && column.counts[1_000] == 500 && column.counts[1_001] == 0)
        #expect(column.missing == 1)
        // The reference counted on itself: kept, other and unseen are told apart.
        let accumulator = PaneAccumulator(encoder: ReferenceEncoder(profile))
        accumulator.add(.categorical(values + ["never seen"]))
        let counts = accumulator.summary().columns[0].counts
        #expect(Array(counts.dropLast()) == Array(column.counts.dropLast()))
        #expect(counts.last == 1)
    }

    /// `é` in its two spellings is one `String` and two categories.
    @Test func categoriesAreBytes() {
        let profile = ReferenceBuilder.build(columns: [("c", .categorical(["\u{E9}", "e\u{301}", "", "e\u{301}"]))])
        #expect(profile.columns[0].counts == [2, 1, 1, 0, 0])
        let accumulator = PaneAccumulator(encoder: ReferenceEncoder(profile))
        accumulator.add(.categorical(["\u{E9}", "e\u{301}", "", "e\u{301}"]))
        #expect(accumulator.summary().columns[0].counts == [2, 1, 1, 0, 0])
    }

    @Test func profilesSurviveJSON() throws {
        var stream = DriftStream(seed: 33)
        let profile = ReferenceBuilder.build(
            columns: [
                ("n", .numeric(stream.logNormals(700))), ("d", .numeric([1, 2, 2, 0.1 + 0.2])),
                ("c", .categorical(["a", "b", nil])), ("none", .numeric([.nan])),
                ("h", .numeric([.greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0])),
            ], predictions: ("p", .numeric(stream.normals(700))))
        let data = try JSONEncoder().encode(profile)
        let decoded = try JSONDecoder().decode(ReferenceProfile.self, from: data)
        #expect(decoded == profile)
        let altered = String(decoding: data, as: UTF8.self).replacing("\"a\",\"b\"", with: "\"a\",\"z\"")
        #expect(throws: StatisticsError.self) {
            try JSONDecoder().decode(ReferenceProfile.self, from: Data(altered.utf8))
        }
        let short = String(decoding: data, as: UTF8.self).replacing("\"decileOfCell\":[0,", with: "\"decileOfCell\":[")
        #expect(throws: StatisticsError.self) {
            try JSONDecoder().decode(ReferenceProfile.self, from: Data(short.utf8))
        }
    }

    @Test func columnsAreFoundByName() {
        let profile = ReferenceBuilder.build(
            columns: (0..<40).map { ("column \($0)", .numeric([1])) } + [("column 3", .numeric([2]))],
            predictions: ("score", .numeric([1])))
        let encoder = ReferenceEncoder(profile)
        func index(_ name: String) -> Int? { Array(name.utf8).withUnsafeBytes { encoder.columnIndex(ofUTF8: $0) } }
        #expect(encoder.columnCount == 41 && encoder.predictionColumn == 41)
        for column in 0..<40 { #expect(index("column \(column)") == column) }
        #expect(index("score") == nil && index("") == nil && index("column 40") == nil)
        #expect(encoder.columnIndex(ofUTF8: UnsafeRawBufferPointer(start: nil, count: 0)) == nil)
    }
}
