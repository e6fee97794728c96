/// One division of a table: the rows to learn from and the rows to judge by, as indices. They share no row.
public struct Fold: Codable, Sendable, Equatable {
    public var train: [Int]
    public var test: [Int]

    public init(train: [Int], test: [Int]) {
        self.train = train
        self.test = test
    }
}
