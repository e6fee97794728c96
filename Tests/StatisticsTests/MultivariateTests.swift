import Foundation
import Testing
import TidewatchTestKit

@testable import Statistics

/// Against scikit-learn, NannyML and NumPy: `Fixtures/multivariate/generate.py`.
struct MultivariateOracleTests {
    private func fixture() throws -> JSONValue {
        let url = try #require(
            Bundle.module.url(
                forResource: "multivariate", withExtension: "json", subdirectory: "Fixtures/multivariate"))
        return try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: url))
    }

    private func matrix(_ value: JSONValue) throws -> RowMatrix {
        RowMatrix(rows: try value.list().map { try $0.numbers() })
    }

    @Test func componentsAndErrorsAreThoseOfScikitLearn() throws {
        let given = try fixture()["components"]
        let (fitted, scored) = try (matrix(given["fitted"]), matrix(given["scored"]))
        for expected in try given["cases"].list() {
            let found = try #require(PrincipalComponents(fitted, share: expected["share"].number()))
            #expect(found.components.count == Int(try expected["count"].number()))
            #expect(agree(found.explainedShare, try expected["explained"].number(), within: 1e-12))
            for (error, right) in zip(found.reconstructionErrors(scored), try expected["errors"].numbers()) {
                #expect(agree(error, right, within: 1e-10))
            }
        }
    }

    @Test func theReconstructionErrorIsThatOfNannyML() throws {
        let given = try fixture()["nannyml"]
        let (means, deviations) = try (given["means"].numbers(), given["deviations"].numbers())
        func standardised(_ value: JSONValue) throws -> RowMatrix {
            RowMatrix(
                rows: try value.list().map { row in
                    try zip(row.numbers(), zip(means, deviations)).map { ($0 - $1.0) / $1.1 }
                })
        }
        let components = try #require(PrincipalComponents(standardised(given["reference"])))
        let errors = components.reconstructionErrors(try standardised(given["window"]))
        for (chunk, expected) in try given["errors"].numbers().enumerated() {
            let found = errors[(chunk * 50)..<((chunk + 1) * 50)].reduce(0, +) / 50
            #expect(agree(found, expected, within: 1e-10))
        }
    }

    @Test func theDiscrepancyOfAllPairsIsThatOfNumPy() throws {
        let given = try fixture()["discrepancy"]
        let (left, right) = try (matrix(given["left"]), matrix(given["right"]))
        #expect(agree(FourierFeatures.medianGamma(left), try given["gamma"].number(), within: 1e-12))
        for expected in try given["cases"].list().map({ try $0.numbers() }) {
            let found = MaximumMeanDiscrepancy.squared(left, right, gamma: expected[0])
            #expect(agree(found, expected[1], within: 1e-10))
        }
    }

    @Test func theFeaturesApproximateTheDiscrepancy() throws {
        let given = try fixture()["discrepancy"]
        let (left, right) = try (matrix(given["left"]), matrix(given["right"]))
        let gamma = try given["gamma"].number()
        let exact = try #require(MaximumMeanDiscrepancy.squared(left, right, gamma: gamma))
        // The mean over many draws of frequencies is the kernel's own value.
        let found = (0..<40).map { seed in
            let features = FourierFeatures(gamma: gamma, width: 3, seed: UInt64(seed))
            let (a, b) = (features.sums(left), features.sums(right))
            let distance = zip(a.means, b.means).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            func own(_ sums: FourierSums) -> Double {
                (1 - sums.means.reduce(0) { $0 + $1 * $1 }) / Double(sums.count - 1)
            }
            return distance - own(a) - own(b)
        }
        let mean = found.reduce(0, +) / 40
        let deviation = (found.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 39).squareRoot()
        #expect((mean - exact).magnitude < 4 * deviation / 40.0.squareRoot())
        #expect(deviation < exact)
    }

    @Test func tailsOfWeightedChiSquaresAreThoseOfImhof() throws {
        for expected in try fixture()["weightedChiSquare"].list().map({ try $0.numbers() }) {
            let found = WeightedChiSquare.upperTail(expected[0], sums: (expected[1], expected[2], expected[3]))
            // Three moments: the tail to a tenth of itself.
            #expect((found - expected[4]).magnitude < 0.01 + 0.1 * expected[4], "\(expected)")
            if expected[4] < 0.05 { #expect((found / expected[4] - 1).magnitude < 0.12, "\(expected)") }
        }
    }
}

struct MultivariateEncoderTests {
    private func encoded(_ cells: MultivariateRows.Cells, _ window: MultivariateRows.Cells) -> RowMatrix {
        func rows(_ cells: MultivariateRows.Cells) -> MultivariateRows {
            MultivariateRows([MultivariateRows.Column(name: "x", cells: cells)])
        }
        return MultivariateEncoder(reference: rows(cells)).encode(rows(window))
    }

    @Test func numbersAreStandardisedAndHeld() {
        let reference = (0..<1_000).map { Double($0 % 10) }
        let found = encoded(.numeric(reference), .numeric([4.5, 0, 1e6, -.greatestFiniteMagnitude, .infinity, .nan]))
        let deviation = 8.25.squareRoot()
        #expect(found.width == 2)
        #expect(found.values[0] == 0)
        #expect(agree(found.values[2], -4.5 / deviation, within: 1e-12))
        #expect(found.values[4] == 8)
        #expect(found.values[6] == -8)
        // Missing where the reference has none missing: the mean, and one surprise.
        #expect(Array(found.values[8...]) == [0, 1, 0, 1])
    }

    @Test func oneOutlierInTheReferenceMovesNothing() {
        var stream = DriftStream(seed: 1)
        let values = stream.normals(500)
        let plain = encoded(.numeric(values), .numeric(values))
        let spiked = encoded(.numeric(values + [1e6]), .numeric(values))
        for (left, right) in zip(plain.values, spiked.values) { #expect((left - right).magnitude < 0.05) }
    }

    @Test func categoriesHaveUnitVarianceAndUnseenOnesSurprise() {
        let codes = (0..<100).map { Int32($0 % 4) }
        let found = encoded(
            .categories(codes: codes, names: ["a", "b", "c", "d"]),
            .categories(codes: [0, 1, -1], names: ["b", "z"]))
        let worth = 1 / 0.75.squareRoot()
        #expect(found.width == 5)
        // Equally frequent ones stand in the order of their names.
        #expect(Array(found[0]) == [0, worth, 0, 0, 0])
        #expect(Array(found[1]) == [0, 0, 0, 0, 1])
        #expect(Array(found[2]) == [0, 0, 0, 0, 1])
        let reference = encoded(
            .categories(codes: codes, names: ["a", "b", "c", "d"]),
            .categories(codes: codes, names: ["a", "b", "c", "d"]))
        let covariance = reference.covariance(around: reference.means)
        #expect(agree((0..<5).reduce(0) { $0 + covariance[$1 * 6] }, 100.0 / 99, within: 1e-12))
    }

    @Test func theWidthIsBoundedAndIdentifiersAreLeftOut() {
        let many = (0..<300).map { column in
            MultivariateRows.Column(name: "c\(column)", cells: .numeric([Double(column), 1, 2]))
        }
        let wide = MultivariateEncoder(reference: MultivariateRows(many))
        #expect(wide.width == 256)
        #expect(wide.leftOut == (255..<300).map { "c\($0)" })
        let names = (0..<100).map { "u\($0)" }
        let categories = (0..<40).map { column in
            MultivariateRows.Column(
                name: "k\(column)",
                cells: .categories(codes: (0..<100).map { Int32($0 % 20) }, names: names))
        }
        let identifier = MultivariateRows.Column(
            name: "id", cells: .categories(codes: (0..<100).map { Int32($0) }, names: names))
        let encoder = MultivariateEncoder(reference: MultivariateRows([identifier] + categories))
        #expect(encoder.leftOut == ["id"])
        #expect(encoder.width <= 256)
        #expect(encoder.plans.count == 40)
    }

    @Test func samplesKeepTheirOrderAndSize() {
        let rows = MultivariateRows(numbers: [(0..<1_000).map(Double.init)])
        let sample = rows.sampled(limit: 100, seed: 7)
        #expect(sample.count == 100)
        #expect(sample == rows.sampled(limit: 100, seed: 7))
        #expect(sample != rows.sampled(limit: 100, seed: 8))
        guard case .numeric(let values) = sample.columns[0].cells else {
            Issue.record("a numeric column became another")
            return
        }
        #expect(values == values.sorted())
        #expect((values.reduce(0, +) / 100 - 500).magnitude < 100)
        #expect(rows.sampled(limit: 5_000, seed: 7) == rows)
    }
}

/// What the three statistics say of seeded data. The classifier here is a plain one; the boosted trees are tested in
/// LearningTests.
struct MultivariateDriftTests {
    /// Normal columns, the first two correlated.
    static func rows(_ stream: inout DriftStream, _ count: Int, columns: Int = 4, correlation: Double = 0)
        -> MultivariateRows
    {
        var numbers = (0..<columns).map { _ in stream.normals(count) }
        let rest = (1 - correlation * correlation).squareRoot()
        for row in 0..<count { numbers[1][row] = correlation * numbers[0][row] + rest * numbers[1][row] }
        return MultivariateRows(numbers: numbers)
    }

    @Test func withoutDriftTheyKeepTheirLevel() {
        var stream = DriftStream(seed: 40)
        var alarms: [MultivariateStatistic: Int] = [:]
        for _ in 0..<10 {
            let reference = Self.rows(&stream, 400)
            let components = PrincipalComponentReconstruction(reference: reference)
            let discrepancy = MaximumMeanDiscrepancy(
                encoder: components.encoder, reference: reference, seed: 1)
            for _ in 0..<8 {
                let window = Self.rows(&stream, 100)
                for result in [components.compare(window), discrepancy.compare(window)] {
                    if result.pValue ?? 0 <= 0.05 { alarms[result.statistic, default: 0] += 1 }
                }
            }
        }
        // Four of eighty are expected; windows of one reference depend on each other.
        #expect(alarms[.pcaReconstruction, default: 0] <= 12)
        #expect(alarms[.mmd, default: 0] <= 12)
    }

    @Test func aChangeOfCorrelationIsFoundThatNoColumnShows() throws {
        var stream = DriftStream(seed: 41)
        let reference = Self.rows(&stream, 1_000, correlation: 0.8)
        let window = Self.rows(&stream, 400, correlation: -0.8)
        let components = PrincipalComponentReconstruction(reference: reference).compare(window)
        #expect(components.pValue.map { $0 < 1e-4 } == true)
        #expect(components.value.map { $0 > 4 } == true)
        #expect(components.effect.map { $0 > 0.3 } == true)
        let discrepancy = MaximumMeanDiscrepancy(reference: reference, seed: 1).compare(window)
        #expect(discrepancy.pValue.map { $0 < 1e-6 } == true)
        for (left, right) in zip(reference.columns, window.columns) {
            guard case .numeric(let a) = left.cells, case .numeric(let b) = right.cells else { continue }
            #expect(TwoSampleTests.kolmogorovSmirnov(a, b).pValue > 0.01)
        }
    }

    @Test func aShiftHasTheEffectOfItsSize() throws {
        var stream = DriftStream(seed: 42)
        let reference = Self.rows(&stream, 3_000, columns: 2)
        let shifted = MultivariateRows(numbers: [stream.normals(3_000, shift: 0.5), stream.normals(3_000)])
        let found = MaximumMeanDiscrepancy(reference: reference, seed: 1).compare(shifted)
        #expect(found.effect.map { (0.35...0.6).contains($0) } == true, "\(String(describing: found.effect))")
    }

    @Test func mergedSumsAreThoseOfTheWholeInAnyOrder() {
        var stream = DriftStream(seed: 43)
        let reference = Self.rows(&stream, 200)
        let window = Self.rows(&stream, 90)
        let discrepancy = MaximumMeanDiscrepancy(reference: reference, seed: 1)
        let whole = discrepancy.sums(window)
        var parts = discrepancy.sums(window.rows(Array(60..<90)))
        parts.merge(discrepancy.sums(window.rows(Array((0..<60).reversed()))))
        #expect(parts == whole)
        #expect(whole.count == 90)
        #expect(discrepancy.compare(parts) == discrepancy.compare(whole))
    }

    @Test func theClassifierIsJudgedOnRowsItHasNotSeen() {
        var stream = DriftStream(seed: 44)
        let values = stream.normals(200) + stream.normals(200, shift: 1)
        var seen: [[Int]] = []
        let result = DomainClassifier.compare(referenceRows: 200, windowRows: 200, seed: 5) {
            training, labels, scored in
            #expect(Set(training).isDisjoint(with: scored))
            #expect(training.count + scored.count == 400)
            #expect(labels == training.map { $0 >= 200 })
            #expect(scored.count { $0 < 200 } == 40)
            seen.append(scored)
            return DomainClassifier.Answer(scores: scored.map { values[$0] }, importances: ["x": 3, "y": 1])
        }
        #expect(seen.flatMap(\.self).sorted() == Array(0..<400))
        // Φ(1/√2) = 0.760 is the AUC of two normal distributions one deviation apart.
        #expect(result.value.map { ($0 - 0.76).magnitude < 0.06 } == true)
        #expect(result.effect.map { ($0 - 1).magnitude < 0.35 } == true)
        #expect(result.pValue.map { $0 < 1e-8 } == true)
        #expect(result.low.map { $0 < 0.76 && $0 > 0.6 } == true)
        #expect(result.columns == [.init(column: "x", share: 0.75), .init(column: "y", share: 0.25)])
    }

    @Test func aClassifierThatKnowsNothingFindsNothing() {
        let result = DomainClassifier.compare(referenceRows: 100, windowRows: 60, seed: 5) { _, _, scored in
            DomainClassifier.Answer(scores: scored.map { _ in 0.5 })
        }
        #expect(result.value == 0.5)
        #expect(result.pValue == 0.5)
        #expect(result.effect == 0)
    }
}

/// Whatever the data hold: a finite value or a named status.
struct MultivariateHostileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reference: MultivariateRows
        let window: MultivariateRows
        var status: StatisticStatus = .ok
    }

    private static func numbers(_ count: Int, _ value: (Int) -> Double) -> [Double] { (0..<count).map(value) }

    private static func wave(_ count: Int, _ phase: Double = 0) -> [Double] {
        numbers(count) { sin(Double($0) * 12.9898 + phase) }
    }

    private static func column(_ codes: [Int32], _ names: [String]) -> MultivariateRows {
        MultivariateRows([.init(name: "x0", cells: .categories(codes: codes, names: names))])
    }

    static let cases: [Case] = [
        Case(
            testDescription: "constant", reference: .init(numbers: [numbers(300) { _ in 7 }]),
            window: .init(numbers: [numbers(100) { _ in 7 }])),
        Case(
            testDescription: "constant moves", reference: .init(numbers: [numbers(300) { _ in 7 }]),
            window: .init(numbers: [numbers(100) { _ in 8 }])),
        Case(
            testDescription: "all missing", reference: .init(numbers: [wave(300), numbers(300) { _ in .nan }]),
            window: .init(numbers: [wave(100, 1), numbers(100) { _ in .nan }])),
        Case(
            testDescription: "becomes missing", reference: .init(numbers: [wave(300), wave(300, 2)]),
            window: .init(numbers: [wave(100, 1), numbers(100) { _ in .nan }])),
        Case(
            testDescription: "infinite",
            reference: .init(numbers: [wave(300), numbers(300) { $0 % 2 == 0 ? .infinity : 1 }]),
            window: .init(numbers: [wave(100, 1), numbers(100) { _ in -.infinity }])),
        Case(
            testDescription: "huge", reference: .init(numbers: [wave(300).map { $0 * 1e308 }, wave(300, 2)]),
            window: .init(numbers: [wave(100, 1).map { $0 * 1.7e308 }, wave(100, 3)])),
        Case(
            testDescription: "subnormal", reference: .init(numbers: [wave(300).map { $0 * 0x1p-1060 }]),
            window: .init(numbers: [wave(100)])),
        Case(
            testDescription: "empty window", reference: .init(numbers: [wave(300)]), window: .init(numbers: [[]]),
            status: .noData),
        Case(
            testDescription: "empty reference", reference: .init(numbers: [[]]), window: .init(numbers: [wave(100)]),
            status: .noData),
        Case(testDescription: "no columns", reference: .init([]), window: .init([]), status: .noData),
        Case(
            testDescription: "one row", reference: .init(numbers: [wave(300)]), window: .init(numbers: [[0.5]]),
            status: .insufficient),
        Case(
            testDescription: "one row each", reference: .init(numbers: [[1]]), window: .init(numbers: [[0.5]]),
            status: .insufficient),
        Case(
            testDescription: "unseen category", reference: column((0..<300).map { Int32($0 % 2) }, ["a", "b"]),
            window: column((0..<100).map { Int32($0 % 3) }, ["a", "b", "z"])),
        Case(
            testDescription: "another kind", reference: .init(numbers: [wave(300)]),
            window: column((0..<100).map { Int32($0 % 2) }, ["a", "b"])),
        Case(
            testDescription: "another column", reference: .init(numbers: [wave(300)]),
            window: .init([.init(name: "y", cells: .numeric(wave(100)))])),
    ]

    @Test(arguments: cases)
    func eachGivesAFiniteValueOrAStatus(_ given: Case) {
        let results = [
            PrincipalComponentReconstruction(reference: given.reference).compare(given.window),
            MaximumMeanDiscrepancy(reference: given.reference, seed: 1).compare(given.window),
        ]
        for result in results {
            #expect(result.status == given.status, "\(result)")
            #expect((result.value != nil) == (result.status == .ok))
            for number in [result.value, result.pValue, result.effect].compactMap(\.self) {
                #expect(number.isFinite)
            }
            #expect(result.pValue.map { (0...1).contains($0) } != false)
        }
    }

    @Test func oneOutlierRaisesNothing() {
        var stream = DriftStream(seed: 50)
        let reference = MultivariateDriftTests.rows(&stream, 600)
        let window = MultivariateDriftTests.rows(&stream, 200)
        let spiked = MultivariateRows(
            window.columns.map { column in
                guard case .numeric(var values) = column.cells else { return column }
                if column.name == "x0" { values[17] = 1e6 }
                return .init(name: column.name, cells: .numeric(values))
            })
        let components = PrincipalComponentReconstruction(reference: reference)
        let discrepancy = MaximumMeanDiscrepancy(reference: reference, seed: 1)
        for (plain, other) in [
            (components.compare(window), components.compare(spiked)),
            (discrepancy.compare(window), discrepancy.compare(spiked)),
        ] {
            #expect(other.pValue.map { $0 > 0.05 } == true)
            #expect((plain.pValue ?? 0) - (other.pValue ?? 1) < 0.4)
        }
    }

    @Test func scoresThatAreNoNumbersAreAnError() {
        let result = DomainClassifier.compare(referenceRows: 60, windowRows: 60, seed: 1) { _, _, scored in
            DomainClassifier.Answer(scores: scored.map { _ in .nan })
        }
        #expect(result.status == .error)
        let short = DomainClassifier.compare(referenceRows: 60, windowRows: 60, seed: 1) { _, _, _ in
            DomainClassifier.Answer(scores: [])
        }
        #expect(short.status == .error)
        for (rows, status) in [(0, StatisticStatus.noData), (10, .insufficient)] {
            let refused = DomainClassifier.compare(referenceRows: 60, windowRows: rows, seed: 1) { _, _, _ in
                DomainClassifier.Answer(scores: [])
            }
            #expect(refused.status == status)
        }
    }
}
