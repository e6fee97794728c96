import Statistics

/// Adds `a/b` for pairs of columns. Division by 0 (0/0 too) gives a missing cell, unless a value is given for it.
public struct RatioFeatures: Codable, Sendable, Equatable {
    public struct Ratio: Codable, Sendable, Equatable {
        public var numerator: String
        public var denominator: String

        public init(_ numerator: String, by denominator: String) {
            self.numerator = numerator
            self.denominator = denominator
        }
    }

    public var ratios: [Ratio]
    /// The result of a division by 0; `nil` for a missing cell.
    public var whenZero: Double?

    public init(_ ratios: [Ratio], whenZero: Double? = nil) {
        self.ratios = ratios
        self.whenZero = whenZero
    }

    func fit(_ columns: inout WorkingColumns, _ context: inout FitContext) throws(LearningError) -> FittedRatios {
        if let whenZero, !whenZero.isFinite {
            throw invalidStep("a division by 0 is to give \(whenZero)", advice: "Give a finite number.")
        }
        guard ratios.count <= PolynomialFeatures.maximumProducts else {
            throw invalidStep(
                "a step of \(ratios.count) ratios", advice: "Take at most \(PolynomialFeatures.maximumProducts).")
        }
        for ratio in ratios {
            for name in [ratio.numerator, ratio.denominator] {
                let names = try ColumnSelection.names([name]).resolve(in: columns)
                try context.requireNumbers(names, in: columns, for: "a ratio")
            }
        }
        let fitted = FittedRatios(ratios: ratios, whenZero: whenZero)
        var applied = ApplyContext()
        try fitted.apply(&columns, &applied)
        return fitted
    }
}

struct FittedRatios: FittedTransform {
    let ratios: [RatioFeatures.Ratio]
    let whenZero: Double?

    func apply(_ columns: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError) {
        for ratio in ratios {
            let numerators = try columns.numbers(ratio.numerator)
            let denominators = try columns.numbers(ratio.denominator)
            let numbers = numerators.indices.map { row -> Double in
                if numerators[row].isNaN { return .nan }
                if denominators[row] == 0 { return whenZero ?? .nan }
                let value = numerators[row] / denominators[row]
                return value.isFinite ? value : .nan
            }
            try columns.append(TableColumn(name: name(ratio), numbers: numbers))
        }
    }

    private func name(_ ratio: RatioFeatures.Ratio) -> String { "\(ratio.numerator)/\(ratio.denominator)" }

    var description: String { "Ratios of columns are added: \(listed(ratios.map { name($0) }))." }
}
