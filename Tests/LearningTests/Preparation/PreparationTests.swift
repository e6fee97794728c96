import Statistics
import Testing

@testable import Learning

@Suite struct PreparationTests {
    static let wholeChain = Preparation(
        .splitDates(DateParts(columns: ["when"], parts: [.hour, .isWeekend], unit: .seconds)),
        .lookBack(
            HistoryFeatures(
                columns: ["amount"], sequence: RowSequence(entity: "who", time: "when"), lags: [1], windows: [3])),
        .divide(RatioFeatures([.init("amount", by: "age")])),
        .impute(Imputation(columns: .numeric, strategy: .median, addsIndicator: true)),
        .impute(Imputation(columns: .categorical, strategy: .constant(number: 0, category: "none"))),
        .treatOutliers(OutlierTreatment(columns: .names(["age"]), method: .zScore(limit: 3), action: .clip)),
        .multiply(PolynomialFeatures(terms: .interactions(degree: 2, columns: .names(["amount", "age"])))),
        .encode(CategoryEncoding(columns: .names(["country"]), method: .oneHot(maximumCategories: 3))),
        .encode(CategoryEncoding(columns: .names(["device"]), method: .target(TargetEncodingParameters()))),
        .scale(Scaling(columns: .names(["amount", "age"]), method: .quantile(quantiles: 20, output: .normal))),
        .scale(Scaling(columns: .names(["amount*age"]))),
        .select(FeatureSelection(columns: .numeric, method: .variance, keep: .above(0))))

    static let problem = LearningProblem(
        task: .binary(positive: "yes"), target: "label", weight: "weight", group: "who", time: "when")

    static func events(rows: Int, seed: UInt64) throws -> Table {
        var generator = SplitMix(seed: seed)
        func pick(_ texts: [String?]) -> String? { texts.randomElement(using: &generator) ?? nil }
        let who = (0..<rows).map { _ in pick(["a", "b", "c"]) }
        let country = (0..<rows).map { _ in pick(["KR", "US", "DE", "FR", nil]) }
        let device = (0..<rows).map { _ in pick(["ios", "web", nil]) }
        let label = (0..<rows).map { _ in pick(["yes", "no"]) }
        return try Table(columns: [
            TableColumn(name: "when", numbers: (0..<rows).map { 1_800_000_000 + Double($0) * 1_700 }),
            TableColumn(name: "who", texts: who),
            TableColumn(name: "amount", numbers: (0..<rows).map { $0 % 7 == 3 ? .nan : generator.normal() }),
            TableColumn(name: "age", numbers: (0..<rows).map { _ in 40 + 10 * generator.normal() }),
            TableColumn(name: "country", texts: country), TableColumn(name: "device", texts: device),
            TableColumn(name: "weight", numbers: (0..<rows).map { _ in 1 }), TableColumn(name: "label", texts: label),
        ])
    }

    @Test func equalInputsGiveEqualBytes() throws {
        let source = try Self.events(rows: 200, seed: 1)
        let first = try Self.wholeChain.fit(source, problem: Self.problem, seed: 5)
        let second = try Self.wholeChain.fit(source, problem: Self.problem, seed: 5)
        #expect(try first.fitted.serialized() == second.fitted.serialized())
        #expect(first.training == second.training)
        let other = try Self.wholeChain.fit(source, problem: Self.problem, seed: 6)
        #expect(other.training != first.training, "the folds are drawn by the seed")
    }

    @Test func whatIsWrittenAndReadPreparesAlike() throws {
        let source = try Self.events(rows: 200, seed: 1)
        let (fitted, training) = try Self.wholeChain.fit(source, problem: Self.problem, seed: 5)
        let read = try FittedPreparation(serialized: fitted.serialized())
        #expect(read == fitted)
        #expect(try read.apply(source) == fitted.apply(source))
        #expect(fitted.featureNames == Array(training.columnNames.prefix(fitted.featureNames.count)))
        #expect(training.columnNames.suffix(4) == ["when", "who", "weight", "label"])
        #expect(fitted.describe().count == Self.wholeChain.steps.count)
        #expect(fitted.problem(Self.problem).features == fitted.featureNames)
    }

    /// One row at a time, with the state going from one to the next, is the same as all at once.
    @Test func servingRowByRowIsServingInABatch() throws {
        let (fitted, _) = try Self.wholeChain.fit(Self.events(rows: 200, seed: 1), problem: Self.problem, seed: 5)
        let later = try Self.events(rows: 60, seed: 2)
        let whole = try fitted.apply(later)
        var state = PreparationState()
        for row in 0..<later.rowCount {
            let (one, _) = try fitted.apply(later.rows(row..<(row + 1)), state: &state)
            for name in fitted.featureNames {
                #expect(try one.texts(name)[0] == whole.texts(name)[row], "\(name), row \(row)")
            }
        }
    }

    @Test func absentColumnsAreMissingCellsAndCounted() throws {
        let (fitted, _) = try Self.wholeChain.fit(Self.events(rows: 200, seed: 1), problem: Self.problem, seed: 5)
        var state = PreparationState()
        let bare = try Table(columns: [TableColumn(name: "amount", numbers: [1, 2])])
        let (served, counts) = try fitted.apply(bare, state: &state)
        #expect(served.rowCount == 2 && served.columns.count >= fitted.featureNames.count)
        // age, country, device, and the entity and time of the lags; the target and the weight are not wanted.
        #expect(counts.absentColumns == 5)
        #expect(!served.columnNames.contains("label"))
    }

    @Test func cellsOfAnotherKindAreReadOrCounted() throws {
        let training = try Table(columns: [
            TableColumn(name: "x", numbers: [1, 2, 3]), TableColumn(name: "c", texts: ["1", "2", "3"]),
            TableColumn(name: "b", booleans: [true, false, true]),
        ])
        let (fitted, _) = try Preparation().fit(training)
        var state = PreparationState()
        let (served, counts) = try fitted.apply(
            Table(columns: [
                TableColumn(name: "x", texts: ["4", "five", nil]), TableColumn(name: "c", numbers: [2, .nan, 7.5]),
                TableColumn(name: "b", numbers: [1, 0, 2]), TableColumn(name: "unknown", numbers: [1, 2, 3]),
            ]), state: &state)
        expectClose(try served.numbers("x"), [4, nil, nil], "x")
        #expect(try served.texts("c") == ["2", nil, "7.5"] && served.texts("b") == ["true", "false", nil])
        #expect(counts.unreadable == 2 && served.columnNames == ["x", "c", "b"])
    }

    @Test func infinitiesAreMissingCells() throws {
        let training = try Table(columns: [TableColumn(name: "x", numbers: [1, .infinity, 3, -.infinity])])
        let (fitted, prepared) = try Preparation(.impute(Imputation(strategy: .mean))).fit(training)
        #expect(try prepared.numbers("x") == [1, 2, 3, 2])
        #expect(
            fitted.notes == ["2 cells of the training rows are infinite or beyond 1e+100; they count as missing."])
        var state = PreparationState()
        let (_, counts) = try fitted.apply(training, state: &state)
        #expect(counts.outOfRange == 2)
    }

    /// Their squares leave the range of a double, so that no later step or learner could compute with them.
    @Test func numbersBeyondTheRangeOfLearnersAreMissingCells() throws {
        let training = try Table(columns: [TableColumn(name: "x", numbers: [1, 1e300, 3, -1.1e100, 1])])
        let steps = Preparation(.impute(Imputation(strategy: .median)), .scale(Scaling()))
        let (fitted, prepared) = try steps.fit(training)
        let same = try Table(columns: [TableColumn(name: "x", numbers: [1, .nan, 3, .nan, 1])])
        #expect(try prepared.numbers("x") == steps.fit(same).training.numbers("x"))
        var state = PreparationState()
        let (served, counts) = try fitted.apply(training, state: &state)
        #expect(try served.numbers("x") == prepared.numbers("x"))
        #expect(counts.outOfRange == 2)
        // Up to there a number is one.
        let large = try Table(columns: [TableColumn(name: "x", numbers: [1e100, -1e100])])
        #expect(
            try Preparation(.impute(Imputation(strategy: .mean))).fit(large).training.numbers("x") == [1e100, -1e100])
    }

    @Test func stepsLeaveTheTargetAlone() throws {
        let source = try Self.events(rows: 20, seed: 1)
        for name in ["label", "weight", "who", "when"] {
            let step = PreparationStep.impute(Imputation(columns: .names([name]), strategy: .mostFrequent))
            let error = learningError { _ = try Preparation(step).fit(source, Self.problem) }
            #expect(error?.code == .invalidParameter && error?.message.contains(name) == true)
        }
    }

    @Test func impossibleStepsAreErrors() throws {
        let source = try Table(columns: [
            TableColumn(name: "x", numbers: [1, 2, 3]), TableColumn(name: "x__missing", numbers: [1, .nan, 3]),
            TableColumn(name: "y", numbers: [1, .nan, 3]), TableColumn(name: "y__missing", numbers: [1, 2, 3]),
        ])
        let steps: [(PreparationStep, LearningError.Code)] = [
            (.impute(Imputation(columns: .names(["z"]), strategy: .mean)), .unknownColumn),
            (.impute(Imputation(columns: .names(["x", "x"]), strategy: .mean)), .duplicateColumn),
            (.impute(Imputation(columns: .names(["y"]), strategy: .mean, addsIndicator: true)), .duplicateColumn),
            (.impute(Imputation(strategy: .constant(number: .nan, category: ""))), .invalidParameter),
            (.scale(Scaling(method: .minMax(low: 1, high: 1))), .invalidParameter),
            (.scale(Scaling(method: .robust(low: 0.75, high: 0.25))), .invalidParameter),
            (.scale(Scaling(method: .quantile(quantiles: 1, output: .normal))), .invalidParameter),
            (.treatOutliers(OutlierTreatment(method: .zScore(limit: 0), action: .clip)), .invalidParameter),
            (.encode(CategoryEncoding(method: .oneHot(maximumCategories: 0))), .invalidParameter),
            (.encode(CategoryEncoding(method: .hashing(buckets: 1))), .invalidParameter),
            (.encode(CategoryEncoding(method: .target(TargetEncodingParameters(folds: 1)))), .invalidParameter),
            (.encode(CategoryEncoding(method: .target(TargetEncodingParameters()))), .unknownColumn),
            (.multiply(PolynomialFeatures(terms: .degree(1, columns: .numeric))), .invalidParameter),
            (.lookBack(HistoryFeatures(columns: ["x"], sequence: RowSequence(), lags: [0])), .invalidParameter),
            (.lookBack(HistoryFeatures(columns: ["x"], sequence: RowSequence(time: "t"))), .unknownColumn),
            (.splitDates(DateParts(columns: ["nope"])), .unknownColumn),
            (.select(FeatureSelection(method: .variance, keep: .count(0))), .invalidParameter),
            (.select(FeatureSelection(method: .variance, keep: .above(1e9))), .noFeatures),
        ]
        for (step, code) in steps {
            let error = learningError { _ = try Preparation(step).fit(source) }
            #expect(error?.code == code, "\(step): \(error.map { "\($0)" } ?? "no error")")
        }
        #expect(learningError { _ = try Preparation().fit(source.rows(0..<0)) }?.code == .noRows)
        var problem = regressionProblem
        problem.features = ["x", "absent"]
        #expect(learningError { _ = try Preparation().fit(source, problem) }?.code == .unknownColumn)
    }

    @Test func threeRowsAreEnoughForEveryStep() throws {
        let source = try Self.events(rows: 3, seed: 4)
        let (fitted, training) = try Self.wholeChain.fit(source, problem: Self.problem, seed: 5)
        #expect(training.rowCount == 3)
        #expect(try fitted.apply(source).rowCount == 3)
    }

    /// Nothing on the default way is quadratic in the number of columns: this would take minutes if it were.
    @Test func fiftyThousandColumnsArePrepared() throws {
        let columns = (0..<50_000).map { index in
            TableColumn(name: "c\(index)", numbers: [Double(index % 3), .nan, Double(index % 5), 1])
        }
        let target = TableColumn(name: "outcome", numbers: [1, 2, 3, 4])
        let source = try Table(columns: columns + [target])
        let (fitted, training) = try Preparation(
            .impute(Imputation(strategy: .median, addsIndicator: true)), .scale(Scaling()),
            .select(FeatureSelection(columns: .numeric, method: .variance, keep: .above(0))),
            .select(FeatureSelection(columns: .numeric, method: .anovaF, keep: .count(100)))
        ).fit(source)
        #expect(fitted.featureNames.count == 50_100)
        #expect(try fitted.apply(source) == training)
    }

    @Test func aCancelledFitSaysSo() throws {
        let source = try Self.events(rows: 20, seed: 1)
        let control = TrainingControl(isCancelled: { true })
        let error = learningError {
            _ = try Self.wholeChain.fit(source, problem: Self.problem, seed: 5, control: control)
        }
        #expect(error?.code == .cancelled)
    }

    @Test func damagedBytesAreAnError() throws {
        let source = try Self.events(rows: 50, seed: 1)
        let (fitted, _) = try Self.wholeChain.fit(source, problem: Self.problem, seed: 5)
        let bytes = try fitted.serialized()
        #expect(
            learningError { _ = try FittedPreparation(serialized: Array(bytes.dropLast(9))) }?.code == .corruptModel)
        // Valid JSON whose steps do not fit each other.
        let text = String(decoding: bytes, as: UTF8.self)
        let renamed = text.replacing("\"removed\":[", with: "\"removed\":[\"age\",")
        #expect(renamed != text)
        let strange = try FittedPreparation(serialized: Array(renamed.utf8))
        #expect(learningError { _ = try strange.apply(source) }?.code == .corruptModel)
    }
}
