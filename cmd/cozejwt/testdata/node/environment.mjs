// Prints the environment as JSON.
console.log(JSON.stringify(process.env));
