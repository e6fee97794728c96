"""A small perceptron before and after five steps of PyTorch 2.13:

    pip install torch==2.13.0; python generate.py

Writes steps.json beside this file: the shape, the first parameters, the batches, and the parameters, running statistics,
losses and predictions' scores after the steps. Parameters are in the order of Tidewatch's artifact."""
import json
import pathlib

import torch
from torch import nn

torch.manual_seed(4)
numbers, categories, size, hidden, outputs, rows, steps = 3, 4, 2, (5, 4), 3, 9, 5
embedding = nn.Embedding(categories + 1, size)
linears = [nn.Linear(numbers + size, hidden[0], bias=False), nn.Linear(hidden[0], hidden[1], bias=False),
           nn.Linear(hidden[1], outputs)]
norms = [nn.BatchNorm1d(units) for units in hidden]
with torch.no_grad():
    for norm in norms:
        norm.weight += 0.3 * torch.randn_like(norm.weight)
        norm.bias += 0.3 * torch.randn_like(norm.bias)


def parameters():
    parts = [embedding.weight]
    for index, linear in enumerate(linears):
        parts += [linear.weight]
        parts += [norms[index].weight, norms[index].bias] if index < len(norms) else [linear.bias]
    return torch.cat([part.detach().flatten() for part in parts]).tolist()


def forward(x, codes):
    x = torch.cat([x, embedding(codes)], 1)
    for linear, norm in zip(linears, norms):
        x = torch.relu(norm(linear(x)))
    return linears[-1](x)


weights = [linear.weight for linear in linears]
others = [embedding.weight, linears[-1].bias] + [p for norm in norms for p in norm.parameters()]
optimizer = torch.optim.AdamW([{"params": weights, "weight_decay": 0.1}, {"params": others, "weight_decay": 0}], lr=0.05)
first, batches, losses = parameters(), [], []
for _ in range(steps):
    x, codes = torch.randn(rows, numbers), torch.randint(0, categories + 1, (rows,))
    targets, row_weights = torch.randint(0, outputs, (rows,)), torch.rand(rows) + 0.5
    optimizer.zero_grad()
    loss = (row_weights * nn.functional.cross_entropy(forward(x, codes), targets, reduction="none")).sum()
    (loss / rows).backward()
    optimizer.step()
    losses.append(loss.item())
    batches.append({"numbers": x.flatten().tolist(), "codes": codes.tolist(), "targets": targets.tolist(),
                    "weights": row_weights.tolist()})
for norm in norms:
    norm.eval()
statistics = torch.cat([torch.cat([norm.running_mean, norm.running_var]) for norm in norms]).tolist()
scores = forward(torch.tensor(batches[0]["numbers"]).reshape(rows, numbers), torch.tensor(batches[0]["codes"]))
(pathlib.Path(__file__).parent / "steps.json").write_text(json.dumps({
    "numbers": numbers, "categories": categories, "size": size, "hidden": hidden, "outputs": outputs, "rows": rows,
    "first": first, "batches": batches, "losses": losses, "last": parameters(), "statistics": statistics,
    "scores": scores.flatten().tolist()}) + "\n")
