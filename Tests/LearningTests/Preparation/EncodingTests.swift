import Statistics
import Testing

@testable import Learning

@Suite struct EncodingTests {
    private let probes = ["KR", "US", "DE", "FR", "BR", "unseen"]

    private func table() throws -> Table {
        try PreparationFixture.shared.get().table([
            "country": "country", "outcome": "outcome", "label": "label", "grade": "grade",
        ])
    }

    private func fit(_ method: CategoryEncoding.Method, _ problem: LearningProblem? = nil) throws -> FittedPreparation {
        var problem = problem ?? regressionProblem
        problem.features = ["country"]
        return try Preparation(.encode(CategoryEncoding(method: method))).fit(table(), problem).fitted
    }

    private func probe(_ texts: [String?]) throws -> Table {
        try Table(columns: [TableColumn(name: "country", texts: texts)])
    }

    static let smoothings: [(String, TargetEncodingParameters.Smoothing)] = [("auto", .automatic), ("10.0", .rows(10))]

    @Test(arguments: smoothings)
    func targetMeansAreThoseOfScikitLearn(
        name: String, smoothing: TargetEncodingParameters.Smoothing
    ) throws {
        let fixture = try PreparationFixture.shared.get()
        let method = CategoryEncoding.Method.target(TargetEncodingParameters(smoothing: smoothing))
        let tasks: [(String, ModelTask, String, [String])] = [
            ("regression", .regression, "outcome", ["country__target"]),
            ("binary", .binary(positive: "1"), "label", ["country__target"]),
            (
                "multiclass", .multiclass(classes: ["0", "1", "2"]), "grade",
                ["country__target=0", "country__target=1", "country__target=2"]
            ),
        ]
        for (title, task, target, outputs) in tasks {
            let fitted = try fit(method, LearningProblem(task: task, target: target))
            #expect(fitted.featureNames == outputs)
            let served = try fitted.apply(probe(probes))
            for (output, expected) in zip(outputs, try fixture.expectedRows("target \(title) \(name)")) {
                expectClose(try served.numbers(output), expected, "\(title) \(output)")
            }
        }
    }

    @Test(arguments: smoothings)
    func trainingRowsTakeTheMeansOfOtherFolds(
        name: String, smoothing: TargetEncodingParameters.Smoothing
    ) throws {
        let fixture = try PreparationFixture.shared.get()
        let parameters = TargetEncodingParameters(smoothing: smoothing, shuffles: false)
        let problem = LearningProblem(task: .regression, target: "outcome", features: ["country"])
        let (_, training) = try Preparation(.encode(CategoryEncoding(method: .target(parameters)))).fit(
            table(), problem)
        expectClose(
            try training.numbers("country__target"), try fixture.expectedNumbers("target folds \(name)"), "folds")
    }

    /// A category per row tells nothing about the target; without folds its encoding would be the target itself.
    @Test func anIdIsNotTheAnswer() throws {
        let rows = 400
        var generator = SplitMix(seed: 3)
        let source = try Table(columns: [
            TableColumn(name: "id", texts: (0..<rows).map { "id\($0)" }),
            TableColumn(name: "outcome", numbers: (0..<rows).map { _ in generator.normal() }),
        ])
        let step = PreparationStep.encode(
            CategoryEncoding(method: .target(TargetEncodingParameters(smoothing: .rows(0)))))
        let (fitted, training) = try Preparation(step).fit(source)
        let targets = try source.numbers("outcome")
        #expect(try fitted.apply(source).numbers("id__target") == targets)
        #expect(Set(try training.numbers("id__target")).count == 5)
    }

    /// Rows of a group share a fold, or one row of it would tell the target of the next.
    @Test func groupsShareAFold() throws {
        let rows = 300
        let source = try Table(columns: [
            TableColumn(name: "shop", texts: (0..<rows).map { "shop\($0 % 60)" }),
            TableColumn(name: "outcome", numbers: (0..<rows).map { Double($0 % 60) }),
            TableColumn(name: "who", texts: (0..<rows).map { "shop\($0 % 60)" }),
        ])
        let step = PreparationStep.encode(
            CategoryEncoding(method: .target(TargetEncodingParameters(smoothing: .rows(0)))))
        let (_, training) = try Preparation(step).fit(
            source, LearningProblem(task: .regression, target: "outcome", group: "who"))
        // Nobody else's rows have the category: each takes the mean of its training folds, never its own value.
        #expect(Set(try training.numbers("shop__target")).count <= 5)
    }

    @Test func ordinalAndOneHotAreThoseOfScikitLearn() throws {
        let fixture = try PreparationFixture.shared.get()
        let ordinal = try fit(.ordinal).apply(probe(probes))
        expectClose(try ordinal.numbers("country"), try fixture.expectedNumbers("ordinal"), "ordinal")
        let oneHot = try fit(.oneHot(maximumCategories: 3))
        #expect(oneHot.featureNames == ["country=DE", "country=KR", "country=US", "country=(other)"])
        let served = try oneHot.apply(probe(probes))
        for (row, expected) in try fixture.expectedRows("one-hot").enumerated() {
            for (name, value) in zip(oneHot.featureNames, expected) {
                #expect(try served.numbers(name)[row] == value, "\(probes[row]) \(name)")
            }
        }
    }

    @Test func missingAndUnseenCategoriesAreDefinedInEachEncoding() throws {
        let methods: [(CategoryEncoding.Method, missing: Double?, unseen: Double?)] = [
            (.ordinal, nil, -1), (.ordered(["KR", "US"]), nil, -1), (.frequency, 0, 0),
            (.oneHot(maximumCategories: 10), 0, 0), (.oneHot(maximumCategories: 2), 0, 0),
        ]
        for (method, missing, unseen) in methods {
            let fitted = try fit(method)
            var state = PreparationState()
            let (served, counts) = try fitted.apply(probe([nil, "Mars"]), state: &state)
            let found = try served.numbers(fitted.featureNames[0])
            expectClose(found, [missing, unseen], "\(method)")
            #expect(counts.unseenCategories == 1)
        }
        let rest = try fit(.oneHot(maximumCategories: 2)).apply(probe([nil, "Mars"])).numbers("country=(other)")
        #expect(rest == [0, 1])
    }

    @Test func aTableOfUnseenCategoriesIsServed() throws {
        let methods: [CategoryEncoding.Method] = [
            .ordinal, .frequency, .oneHot(maximumCategories: 4), .target(TargetEncodingParameters()),
            .hashing(buckets: 8),
        ]
        for method in methods {
            var state = PreparationState()
            let (served, counts) = try fit(method).apply(probe(["a", "b", "c"]), state: &state)
            #expect(served.rowCount == 3)
            if case .hashing = method { continue }
            #expect(counts.unseenCategories == 3)
        }
    }

    @Test func frequencyIsTheShareOfRows() throws {
        let source = try Table(columns: [TableColumn(name: "country", texts: ["a", "a", "b", nil])])
        let (_, training) = try Preparation(.encode(CategoryEncoding(method: .frequency))).fit(source)
        #expect(try training.numbers("country__frequency") == [0.5, 0.5, 0.25, 0.25])
    }

    @Test func hashingPutsEachCategoryInOneBucket() throws {
        let fitted = try fit(.hashing(buckets: 16))
        let served = try fitted.apply(probe(["KR", "KR", "never seen", nil]))
        let sums = try (0..<4).map { row in
            try fitted.featureNames.reduce(0) { try $0 + served.numbers($1)[row] }
        }
        #expect(sums == [1, 1, 1, 0])
        #expect(fitted.featureNames.count == 16)
        for name in fitted.featureNames { #expect(try served.numbers(name)[0] == served.numbers(name)[1]) }
    }

    @Test func tenThousandCategoriesStayBounded() throws {
        let rows = 12_000
        let texts = (0..<rows).map { "c\($0 < 2_000 ? $0 % 10 : $0)" }
        let source = try Table(columns: [TableColumn(name: "country", texts: texts)])
        let (fitted, training) = try Preparation(
            .encode(CategoryEncoding(method: .oneHot(maximumCategories: 10)))
        ).fit(source)
        #expect(fitted.featureNames.count == 11)
        #expect(try training.numbers("country=(other)").reduce(0, +) == 10_000)
        #expect(try fitted.serialized().count < 2_000)
    }

    @Test func ordinalAndOneHotCanBeUndone() throws {
        let source = try table().selecting(["country"])
        for method in [CategoryEncoding.Method.ordinal, .oneHot(maximumCategories: 10)] {
            let (fitted, training) = try Preparation(.encode(CategoryEncoding(method: method))).fit(source)
            #expect(try fitted.inverse(training).texts("country") == source.texts("country"))
        }
    }

    @Test func numbersThatAreNamedAreTakenByTheirText() throws {
        let source = try Table(columns: [TableColumn(name: "code", numbers: [7, 3, 7, .nan])])
        let step = CategoryEncoding(columns: .names(["code"]), method: .oneHot(maximumCategories: 5))
        let (fitted, training) = try Preparation(.encode(step)).fit(source)
        #expect(fitted.featureNames == ["code=3", "code=7"])
        #expect(try training.numbers("code=7") == [1, 0, 1, 0])
    }
}
