import Testing
import TidewatchTestKit

@testable import Statistics

@Suite struct PaneSummaryTests {
    struct Row {
        var number: Double
        var text: String
        var flag: Bool
    }

    private static func rows(_ count: Int, seed: UInt64) -> [Row] {
        var stream = DriftStream(seed: seed)
        var generator = SeededGenerator(seed: seed + 1)
        let hostile: [Double] = [.nan, .infinity, -.infinity, 1e308, -1e308, -0.0, .leastNonzeroMagnitude]
        return (0..<count).map { _ in
            let number = generator.next() % 8 == 0 ? hostile.randomElement(using: &generator) : stream.normal(mean: 3)
            return Row(
                number: number ?? 0, text: "c\(generator.next() % 9)", flag: generator.next() % 3 == 0)
        }
    }

    private static let encoder: ReferenceEncoder = {
        let rows = Self.rows(800, seed: 1)
        return ReferenceEncoder(
            ReferenceBuilder.build(columns: [
                ("n", .numeric(rows.map { $0.number.magnitude > 1e300 ? 0 : $0.number })),
                ("c", .categorical(rows.dropLast(300).map { $0.text == "c8" ? nil : $0.text })),
                ("b", .boolean(rows.map(\.flag))),
            ]))
    }()

    private static func summary(_ rows: some Sequence<Row>) -> PaneSummary {
        let accumulator = PaneAccumulator(encoder: encoder)
        for row in rows {
            accumulator.events += 1
            accumulator.add(numeric: row.number, column: 0)
            Array(row.text.utf8).withUnsafeBytes { accumulator.add(category: $0, column: 1) }
            if row.number.isNaN {
                accumulator.addViolation(column: 2)
            } else {
                accumulator.add(boolean: row.flag, column: 2)
            }
        }
        return accumulator.summary()
    }

    @Test(arguments: 0..<20)
    func orderAndPartsDoNotMatter(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let rows = Self.rows(400, seed: seed)
        let whole = Self.summary(rows)
        #expect(Self.summary(rows.shuffled(using: &generator)) == whole)
        var parts = [[Row]](repeating: [], count: Int.random(in: 1...6, using: &generator))
        for row in rows { parts[Int.random(in: parts.indices, using: &generator)].append(row) }
        var merged = PaneSummary(empty: Self.encoder)
        for part in parts.shuffled(using: &generator) { merged.merge(Self.summary(part)) }
        #expect(merged == whole)
        // A restart in the middle changes nothing.
        let accumulator = PaneAccumulator(encoder: Self.encoder)
        for part in parts { accumulator.add(try PaneSummary(serialized: Self.summary(part).serialized())) }
        #expect(accumulator.summary() == whole)
        accumulator.reset()
        #expect(accumulator.summary() == PaneSummary(empty: Self.encoder))
    }

    @Test func cellsHoldMoreThanSixteenBits() throws {
        let row = Row(number: 3, text: "c1", flag: true)
        let (full, some) = (Self.summary(repeatElement(row, count: 65_535)), Self.summary(Self.rows(300, seed: 5)))
        let accumulator = PaneAccumulator(encoder: Self.encoder)
        for summary in [full, full, full, some] { accumulator.add(summary) }
        var expected = full
        for summary in [full, full, some] { expected.merge(summary) }
        #expect(accumulator.summary() == expected)

        // One by one over the edge is the same as in one piece.
        let last = Self.summary(repeatElement(row, count: 131_073))
        #expect(last.columns.allSatisfy { $0.counts.max() == 131_073 })
        accumulator.reset()
        #expect(accumulator.summary() == PaneSummary(empty: Self.encoder))
        accumulator.add(last)
        #expect(accumulator.summary() == last)
    }

    @Test func cellsAreFoundAsByLinearSearch() throws {
        let column = Self.encoder.profile.columns[0]
        guard case .grid(let edges, _) = column.binning else {
            Issue.record("no grid")
            return
        }
        let probes = edges + edges.map(\.nextDown) + edges.map(\.nextUp) + [0, -0.0, 1e308, -1e308]
        for probe in probes {
            let counts = Self.summary([Row(number: probe, text: "", flag: true)]).columns[0].counts
            #expect(counts.firstIndex(of: 1) == edges.count { $0 <= probe })
        }
    }

    @Test func momentsOfAWindow() throws {
        let rows = Self.rows(2_000, seed: 9).filter { $0.number.magnitude < 1e300 && $0.number.isFinite }
        let column = Self.summary(rows).columns[0]
        let values = rows.map(\.number)
        let mean = values.reduce(0, +) / Double(values.count)
        let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        let reference = Self.encoder.profile.columns[0]
        #expect(agree(column.mean(on: reference), mean, within: 1e-6))
        #expect(agree(column.standardDeviation(on: reference), spread, within: 1e-3))
        #expect(column.minimum == values.min() && column.maximum == values.max())
        #expect(Self.summary([]).columns[0].mean(on: reference) == nil)
    }

    @Test func sumsDoNotOverflow() {
        var summary = Self.summary([Row(number: 1e308, text: "", flag: true)])
        summary.columns[0].sum = .max - 1
        summary.columns[0].counts[0] = .max
        let twice = summary
        summary.merge(twice)
        #expect(summary.columns[0].sum == .max)
        #expect(summary.columns[0].counts[0] == .max)
    }

    @Test func bytesComeBackAsTheyWere() throws {
        for seed in 0..<10 {
            let summary = Self.summary(Self.rows(seed * 40, seed: UInt64(seed)))
            #expect(try PaneSummary(serialized: summary.serialized()) == summary)
        }
        let small = Self.summary(Self.rows(2_000, seed: 4)).serialized()
        #expect(small.count < 1_500)
    }

    /// Every flip, cut and nonsense is an error, even where the checksum was made to fit.
    @Test func damageIsAnErrorAndNeverATrap() throws {
        var generator = SeededGenerator(seed: 77)
        let pane = Self.summary(Self.rows(300, seed: 5)).serialized()
        var performance = PerformanceSummary(task: .binary(positive: "yes"))
        performance.add(score: 0.7, predictedPositive: true, positive: true)
        let scores = performance.serialized()
        for _ in 0..<2_000 {
            for original in [pane, scores] {
                var bytes = original
                switch generator.next() % 3 {
                case 0: bytes[Int(generator.next() % UInt64(bytes.count))] ^= UInt8(1 << (generator.next() % 8))
                case 1: bytes.removeLast(Int(generator.next() % UInt64(bytes.count)) + 1)
                default: bytes = (0..<Int(generator.next() % 64)).map { _ in UInt8(generator.next() & 0xFF) }
                }
                #expect(throws: StatisticsError.self) { try PaneSummary(serialized: bytes) }
                #expect(throws: StatisticsError.self) { try PerformanceSummary(serialized: bytes) }
            }
        }
        var newer = pane
        newer[0] = 3
        let error = #expect(throws: StatisticsError.self) { try PaneSummary(serialized: newer) }
        #expect(error?.code == .unsupportedVersion)
    }

    /// With a checksum that fits: either it reads as something, which can be used, or it is an error.
    @Test func forgedBytesNeverTrap() {
        var generator = SeededGenerator(seed: 78)
        var performance = [
            PerformanceSummary(task: .binary(positive: "yes")),
            PerformanceSummary(task: .multiclass(classes: ["a", "b"])),
            PerformanceSummary(task: .regression),
        ]
        performance[0].add(score: 0.7, predictedPositive: true, positive: true)
        performance[1].add(scores: [0.2, 0.8], predicted: 1, actual: 0)
        performance[2].add(predicted: 1, actual: 2)
        var readable = 0
        for original in performance.map({ $0.serialized() }) + [Self.summary(Self.rows(300, seed: 6)).serialized()] {
            for _ in 0..<3_000 {
                var body = Array(original.dropLast(8))
                for _ in 0...Int(generator.next() % 3) {
                    body[1 + Int(generator.next() % UInt64(body.count - 1))] = UInt8(generator.next() & 0xFF)
                }
                if generator.next() % 4 == 0 { body.removeLast(Int(generator.next() % UInt64(body.count / 2))) }
                let forged = body + withUnsafeBytes(of: ByteHash.hash(body).littleEndian) { Array($0) }
                do {
                    var summary = try PaneSummary(serialized: forged)
                    summary.merge(summary)
                    readable += 1
                } catch {}
                do {
                    var summary = try PerformanceSummary(serialized: forged)
                    summary.merge(summary)
                    for metric in PerformanceMetric.allCases { _ = summary.metric(metric) }
                    readable += 1
                } catch {}
            }
        }
        #expect(readable > 100)
    }
}
